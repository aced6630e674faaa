/* Modbus TCP clients on one epoll. See modbus_load.h. */
#include "sim/bench/modbus_load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_BYTES = 12, HEAD_BYTES = 9, ANSWER_BYTES_MAX = HEAD_BYTES + 2 * 125 };

struct client {
    int fd, got;
    uint16_t transaction;
    int64_t sent_ns, next_ns;
    GList link; /* in waiting */
    uint8_t answer[ANSWER_BYTES_MAX];
};

struct load {
    const struct modbus_load_options *o;
    struct modbus_load_result *r;
    struct client *clients;
    int epoll_fd, requests, started;
    uint8_t expected[ANSWER_BYTES_MAX]; /* what the first answer held, with `same` */
    GQueue waiting; /* clients that pause, in the order in which they go on */
    uint32_t *latency_ns;
};

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t = { 0 };

    clock_gettime(clock, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* CPU time of a process so far, all its threads; 0 of nobody. */
static int64_t cpu_ns(int pid)
{
    clockid_t clock;

    return pid && clock_getcpuclockid(pid, &clock) == 0 ? clock_ns(clock) : 0;
}

static bool give_up(struct load *l, const char *trouble)
{
    l->r->trouble = trouble;
    return false;
}

static bool client_connect(struct load *l, struct client *c, int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    int on = 1;

    to.sin_port = htons((uint16_t)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->link.data = c;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return c->fd >= 0 && connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0 &&
           setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, c->fd, &event) == 0;
}

static bool connect_all(struct load *l)
{
    for (int k = 0; k < l->o->connections; k++) {
        if (!client_connect(l, &l->clients[k], l->o->port + k % l->o->ports))
            return give_up(l, g_strerror(errno));
        l->r->connected++;
    }
    return true;
}

static bool client_ask(struct load *l, struct client *c)
{
    const int address = l->o->first - 1;

    if (l->started == l->requests)
        return true;
    c->transaction = (uint16_t)l->started++;
    const uint8_t request[REQUEST_BYTES] = {
        [0] = (uint8_t)(c->transaction >> 8),
        [1] = (uint8_t)c->transaction,
        [5] = 6,
        [6] = (uint8_t)l->o->unit,
        [7] = 3,
        [8] = (uint8_t)(address >> 8),
        [9] = (uint8_t)address,
        [11] = (uint8_t)l->o->registers,
    };
    c->got = 0;
    c->sent_ns = clock_ns(CLOCK_MONOTONIC);
    if (send(c->fd, request, sizeof request, MSG_NOSIGNAL) != sizeof request)
        return give_up(l, "a request could not be sent");
    return true;
}

static bool head_right(const struct load *l, const struct client *c)
{
    const uint8_t *a = c->answer;
    const int size = 2 * l->o->registers;

    return (a[0] << 8 | a[1]) == c->transaction && a[2] == 0 && a[3] == 0 &&
           (a[4] << 8 | a[5]) == 3 + size && a[6] == l->o->unit && a[7] == 3 &&
           a[8] == size;
}

static bool data_right(struct load *l, const struct client *c)
{
    size_t size = 2 * (size_t)l->o->registers;

    if (!l->o->same)
        return true;
    if (l->r->done == 0)
        memcpy(l->expected, c->answer + HEAD_BYTES, size);
    return memcmp(l->expected, c->answer + HEAD_BYTES, size) == 0;
}

static bool refuse_answer(struct load *l)
{
    l->r->wrong++;
    return give_up(l, "a wrong answer");
}

/* Asks again at once, or after the pause. */
static bool client_go_on(struct load *l, struct client *c, int64_t now_ns)
{
    if (l->o->pause_ms == 0)
        return client_ask(l, c);
    c->next_ns = now_ns + l->o->pause_ms * INT64_C(1000000);
    g_queue_push_tail_link(&l->waiting, &c->link);
    return true;
}

static bool send_due(struct load *l, int64_t now_ns)
{
    struct client *c;

    while ((c = g_queue_peek_head(&l->waiting)) != NULL && c->next_ns <= now_ns) {
        g_queue_pop_head_link(&l->waiting);
        if (!client_ask(l, c))
            return false;
    }
    return true;
}

/* Takes what has come. The head is looked at first, because an exception is shorter
 * than what was asked for. */
static bool client_event(struct load *l, struct client *c)
{
    const int whole = HEAD_BYTES + 2 * l->o->registers;
    ssize_t n = recv(c->fd, c->answer + c->got, (size_t)(whole - c->got), 0);

    if (n <= 0)
        return give_up(l, "the server closed a connection");
    c->got += (int)n;
    if (c->got >= HEAD_BYTES && !head_right(l, c))
        return refuse_answer(l);
    if (c->got < whole)
        return true;
    if (!data_right(l, c))
        return refuse_answer(l);
    int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
    l->latency_ns[l->r->done++] = (uint32_t)MIN(now_ns - c->sent_ns, UINT32_MAX);
    return client_go_on(l, c, now_ns);
}

static bool run(struct load *l)
{
    const int patience_ms = l->o->pause_ms > 0 ? 1 : 1000;
    int64_t now_ns = clock_ns(CLOCK_MONOTONIC),
            end_ns = now_ns + l->o->seconds * INT64_C(1000000000);

    for (int k = 0; k < l->o->connections; k++)
        if (!client_ask(l, &l->clients[k]))
            return false;
    for (; l->r->done < l->requests; now_ns = clock_ns(CLOCK_MONOTONIC)) {
        struct epoll_event events[256];
        if (now_ns >= end_ns)
            return give_up(l, "it took too long");
        if (!send_due(l, now_ns))
            return false;
        int count = epoll_wait(l->epoll_fd, events, 256, patience_ms);
        for (int k = 0; k < count; k++)
            if (!client_event(l, events[k].data.ptr))
                return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static double percentile_us(const struct load *l, double fraction)
{
    return l->latency_ns[(int)(fraction * (l->r->done - 1))] / 1e3;
}

static int count_late(const struct load *l)
{
    int late = 0;

    for (int k = 0; k < l->r->done && l->o->limit_us > 0; k++)
        late += l->latency_ns[k] > (uint64_t)l->o->limit_us * 1000;
    return late;
}

static void set_result(struct load *l, int64_t wall_ns, int64_t server_ns)
{
    struct modbus_load_result *r = l->r;

    if (r->done == 0)
        return;
    qsort(l->latency_ns, (size_t)r->done, sizeof *l->latency_ns, compare);
    r->server_us = (double)server_ns / 1e3 / r->done;
    r->per_s = r->done * 1e9 / (double)wall_ns;
    r->p50_us = percentile_us(l, 0.5);
    r->p99_us = percentile_us(l, 0.99);
    r->p999_us = percentile_us(l, 0.999);
    r->most_us = percentile_us(l, 1);
    r->late = count_late(l);
}

bool modbus_load(const struct modbus_load_options *options,
                 struct modbus_load_result *result)
{
    struct load l = { .o = options,
                      .r = result,
                      .requests = MAX(options->requests, options->connections),
                      .epoll_fd = epoll_create1(EPOLL_CLOEXEC) };

    *result = (struct modbus_load_result){ 0 };
    l.clients = g_new0(struct client, options->connections);
    l.latency_ns = g_new0(uint32_t, l.requests);
    bool good = connect_all(&l);
    if (good) {
        int64_t wall_ns = clock_ns(CLOCK_MONOTONIC),
                server_ns = cpu_ns(options->server_pid);
        good = run(&l);
        server_ns = cpu_ns(options->server_pid) - server_ns;
        set_result(&l, clock_ns(CLOCK_MONOTONIC) - wall_ns, server_ns);
    }
    for (int k = 0; k < options->connections; k++)
        if (l.clients[k].fd > 0)
            close(l.clients[k].fd);
    close(l.epoll_fd);
    g_free(l.latency_ns);
    g_free(l.clients);
    return good;
}
