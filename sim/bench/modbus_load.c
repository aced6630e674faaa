/* A closed loop of Modbus TCP clients. See modbus_load.h. */
#include "sim/bench/modbus_load.h"
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_BYTES = 12, ANSWER_BYTES = 9 + 2 * MODBUS_LOAD_REGISTERS };

struct client {
    int fd, got;
    uint16_t transaction;
    int64_t sent_ns;
    uint8_t answer[ANSWER_BYTES];
};

struct load {
    struct client *clients;
    int connections, requests, epoll_fd, started, done;
    const char *trouble;
    uint32_t *latency_ns;
};

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t = { 0 };

    clock_gettime(clock, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* CPU time of a process so far, all its threads. */
static int64_t cpu_ns(int pid)
{
    clockid_t clock;

    return clock_getcpuclockid(pid, &clock) == 0 ? clock_ns(clock) : 0;
}

static bool client_connect(struct load *l, struct client *c, int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    int on = 1;

    to.sin_port = htons((uint16_t)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return c->fd >= 0 && connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0 &&
           setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, c->fd, &event) == 0;
}

static bool client_ask(struct load *l, struct client *c)
{
    uint8_t request[REQUEST_BYTES] = {
        [5] = 6, [6] = 1, [7] = 3, [11] = MODBUS_LOAD_REGISTERS
    };

    if (l->started == l->requests)
        return true;
    c->transaction = (uint16_t)l->started++;
    request[0] = (uint8_t)(c->transaction >> 8);
    request[1] = (uint8_t)c->transaction;
    c->got = 0;
    c->sent_ns = clock_ns(CLOCK_MONOTONIC);
    return send(c->fd, request, sizeof request, MSG_NOSIGNAL) == sizeof request;
}

static bool is_right(const struct client *c)
{
    const uint8_t head[] = { (uint8_t)(c->transaction >> 8),
                             (uint8_t)c->transaction,
                             0,
                             0,
                             0,
                             ANSWER_BYTES - 6,
                             1,
                             3,
                             2 * MODBUS_LOAD_REGISTERS };

    return !memcmp(c->answer, head, sizeof head);
}

/* Takes what has come; false: the connection is broken, or the answer is wrong. */
static bool client_event(struct load *l, struct client *c)
{
    ssize_t n = recv(c->fd, c->answer + c->got, (size_t)(ANSWER_BYTES - c->got), 0);

    if (n <= 0) {
        l->trouble = "the server closed a connection";
        return false;
    }
    c->got += (int)n;
    if (c->got < ANSWER_BYTES)
        return true;
    if (!is_right(c)) {
        l->trouble = "a wrong answer";
        return false;
    }
    int64_t latency_ns = clock_ns(CLOCK_MONOTONIC) - c->sent_ns;
    l->latency_ns[l->done++] = (uint32_t)MIN(latency_ns, UINT32_MAX);
    return client_ask(l, c);
}

static bool run(struct load *l)
{
    int64_t end_ns =
        clock_ns(CLOCK_MONOTONIC) + MODBUS_LOAD_SECONDS * INT64_C(1000000000);

    for (int k = 0; k < l->connections; k++)
        if (!client_ask(l, &l->clients[k]))
            return false;
    while (l->done < l->requests && clock_ns(CLOCK_MONOTONIC) < end_ns) {
        struct epoll_event events[256];
        int count = epoll_wait(l->epoll_fd, events, 256, 1000);
        for (int k = 0; k < count; k++)
            if (!client_event(l, events[k].data.ptr))
                return false;
    }
    return l->done == l->requests;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static bool connect_all(struct load *l, int port)
{
    for (int k = 0; k < l->connections; k++)
        if (!client_connect(l, &l->clients[k], port)) {
            l->trouble = strerror(errno);
            return false;
        }
    return true;
}

static void take_result(struct load *l, int64_t wall_ns, int64_t server_ns,
                        struct modbus_load_result *r)
{
    qsort(l->latency_ns, (size_t)l->done, sizeof *l->latency_ns, compare);
    r->server_us = (double)server_ns / 1e3 / l->done;
    r->per_s = l->done * 1e9 / (double)wall_ns;
    r->p50_us = l->latency_ns[l->done / 2] / 1e3;
    r->p99_us = l->latency_ns[(int)(0.99 * (l->done - 1))] / 1e3;
}

bool modbus_load(int port, int connections, int requests, int server_pid,
                 struct modbus_load_result *result)
{
    struct load l = { .connections = connections,
                      .requests = MAX(requests, connections),
                      .epoll_fd = epoll_create1(EPOLL_CLOEXEC),
                      .trouble = "it took too long" };

    l.clients = g_new0(struct client, connections);
    l.latency_ns = g_new0(uint32_t, l.requests);
    bool good = connect_all(&l, port);
    int64_t wall_ns = clock_ns(CLOCK_MONOTONIC), server_ns = cpu_ns(server_pid);
    good = good && run(&l);
    server_ns = cpu_ns(server_pid) - server_ns;
    if (good)
        take_result(&l, clock_ns(CLOCK_MONOTONIC) - wall_ns, server_ns, result);
    else
        fprintf(stderr, "modbus load: %d connections: %s\n", connections, l.trouble);
    for (int k = 0; k < connections; k++)
        if (l.clients[k].fd > 0)
            close(l.clients[k].fd);
    close(l.epoll_fd);
    g_free(l.latency_ns);
    g_free(l.clients);
    return good;
}
