/* Load for a Modbus TCP server on this machine: N connections, each with one request in
 * flight (closed loop, or after a pause), M requests in all, every answer checked. Prints the rate, the
 * latency and, given the server's process id, its CPU time per transaction: rates of a
 * shared machine vary, CPU time per transaction is what to compare.
 *
 * It only connects to 127.0.0.1 and has an end: a number of requests and a time. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    REQUEST_BYTES = 12,
    ANSWER_BYTES_MAX = 260,
    CONNECTIONS_MAX = 20000,
    REQUESTS_MAX = 10000000
};

static int port = 1502, ports = 1, connections = 10, requests = 100000, registers = 10;
static int unit = 1, server_pid = 0, end_s = 60, first = 1, pause_ms = 0;
static gboolean same = FALSE;

static const GOptionEntry options[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &port, "first port of the server", "N" },
    { "ports", 0, 0, G_OPTION_ARG_INT, &ports, "spread over so many ports", "N" },
    { "connections", 'c', 0, G_OPTION_ARG_INT, &connections, "open at once", "N" },
    { "requests", 'n', 0, G_OPTION_ARG_INT, &requests, "in all", "N" },
    { "registers", 'r', 0, G_OPTION_ARG_INT, &registers, "per request", "N" },
    { "unit", 'u', 0, G_OPTION_ARG_INT, &unit, "unit id", "N" },
    { "pid", 0, 0, G_OPTION_ARG_INT, &server_pid, "server, to measure its CPU", "N" },
    { "first", 0, 0, G_OPTION_ARG_INT, &first, "register of each request", "REG" },
    { "same", 0, 0, G_OPTION_ARG_NONE, &same, "all answers must hold the same", NULL },
    { "pause", 0, 0, G_OPTION_ARG_INT, &pause_ms, "of a client between polls", "MS" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &end_s, "give up after", "S" },
    { 0 }
};

struct client {
    int fd, got;
    uint16_t transaction;
    int64_t sent_ns, next_ns;
    GList link; /* in waiting */
    uint8_t answer[ANSWER_BYTES_MAX];
};

struct load {
    struct client *clients;
    int epoll_fd, started, done, wrong;
    uint8_t expected[ANSWER_BYTES_MAX]; /* what the first answer held, with --same */
    GQueue waiting; /* clients that pause, in the order in which they go on */
    uint32_t *latency_ns;
};

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t = { 0 };

    clock_gettime(clock, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* CPU time of the server so far, all its threads; 0 when no server was named. */
static int64_t server_cpu_ns(void)
{
    clockid_t clock;

    if (server_pid == 0 || clock_getcpuclockid(server_pid, &clock) != 0)
        return 0;
    return clock_ns(clock);
}

static bool client_connect(struct load *l, struct client *c, int to_port)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };
    int on = 1;

    to.sin_port = htons((uint16_t)to_port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return c->fd >= 0 && connect(c->fd, (struct sockaddr *)&to, sizeof to) == 0 &&
           setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) == 0 &&
           epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, c->fd, &event) == 0;
}

static bool client_ask(struct load *l, struct client *c)
{
    uint8_t request[REQUEST_BYTES] = { [5] = 6, [7] = 3 };

    if (l->started == requests)
        return true;
    c->transaction = (uint16_t)l->started++;
    request[0] = (uint8_t)(c->transaction >> 8);
    request[1] = (uint8_t)c->transaction;
    request[6] = (uint8_t)unit;
    request[8] = (uint8_t)((first - 1) >> 8);
    request[9] = (uint8_t)(first - 1);
    request[11] = (uint8_t)registers;
    c->got = 0;
    c->sent_ns = clock_ns(CLOCK_MONOTONIC);
    return send(c->fd, request, sizeof request, MSG_NOSIGNAL) == sizeof request;
}

static bool answer_right(const struct client *c)
{
    const uint8_t *a = c->answer;

    return (a[0] << 8 | a[1]) == c->transaction && a[2] == 0 && a[3] == 0 &&
           (a[4] << 8 | a[5]) == 3 + 2 * registers && a[6] == unit && a[7] == 3 &&
           a[8] == 2 * registers;
}

static bool data_right(struct load *l, const struct client *c)
{
    size_t size = (size_t)(2 * registers);

    if (!same)
        return true;
    if (l->done == 0)
        memcpy(l->expected, c->answer + 9, size);
    return memcmp(l->expected, c->answer + 9, size) == 0;
}

/* Asks again at once, or after the pause. */
static bool client_go_on(struct load *l, struct client *c, int64_t now_ns)
{
    if (pause_ms == 0)
        return client_ask(l, c);
    c->next_ns = now_ns + pause_ms * INT64_C(1000000);
    g_queue_push_tail_link(&l->waiting, &c->link);
    return true;
}

static bool ask_due(struct load *l, int64_t now_ns)
{
    struct client *c;

    while ((c = g_queue_peek_head(&l->waiting)) != NULL && c->next_ns <= now_ns) {
        g_queue_pop_head_link(&l->waiting);
        if (!client_ask(l, c))
            return false;
    }
    return true;
}

/* Takes what has come; false: the connection is broken. */
static bool client_event(struct load *l, struct client *c)
{
    int whole = 9 + 2 * registers;
    ssize_t n = recv(c->fd, c->answer + c->got, (size_t)(whole - c->got), 0);

    if (n <= 0)
        return false;
    c->got += (int)n;
    if (c->got >= 9 && !answer_right(c)) {
        l->wrong++;
        return false;
    }
    if (c->got < whole)
        return true;
    if (!data_right(l, c)) {
        l->wrong++;
        return false;
    }
    int64_t now_ns = clock_ns(CLOCK_MONOTONIC);
    l->latency_ns[l->done++] = (uint32_t)MIN(now_ns - c->sent_ns, UINT32_MAX);
    return client_go_on(l, c, now_ns);
}

static bool run(struct load *l)
{
    int64_t end_ns = clock_ns(CLOCK_MONOTONIC) + end_s * INT64_C(1000000000);

    for (int i = 0; i < connections; i++) {
        if (!client_ask(l, &l->clients[i]))
            return false;
    }
    while (l->done < requests && clock_ns(CLOCK_MONOTONIC) < end_ns) {
        struct epoll_event events[256];
        int count = epoll_wait(l->epoll_fd, events, 256, pause_ms > 0 ? 1 : 1000);
        for (int i = 0; i < count; i++) {
            if (!client_event(l, events[i].data.ptr))
                return false;
        }
        if (!ask_due(l, clock_ns(CLOCK_MONOTONIC)))
            return false;
    }
    return l->done == requests;
}

static int by_value(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return (x > y) - (x < y);
}

static double percentile_us(const struct load *l, double fraction)
{
    return l->latency_ns[(int)(fraction * (l->done - 1))] / 1e3;
}

static void report(struct load *l, int64_t wall_ns, int64_t cpu_ns)
{
    if (l->done == 0)
        return;
    qsort(l->latency_ns, (size_t)l->done, sizeof *l->latency_ns, by_value);
    printf(
        "%5d connections %8d requests %8.0f tps  us: p50 %7.1f p99 %7.1f p99.9 %7.1f "
        "max %8.1f",
        connections, l->done, l->done * 1e9 / (double)wall_ns, percentile_us(l, 0.5),
        percentile_us(l, 0.99), percentile_us(l, 0.999), percentile_us(l, 1));
    if (cpu_ns > 0)
        printf("  server CPU %.2f us/transaction", (double)cpu_ns / 1e3 / l->done);
    printf("\n");
}

static bool parse(int argc, char **argv)
{
    GOptionContext *context = g_option_context_new("- load for a Modbus TCP server");
    GError *error = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    bool good = g_option_context_parse(context, &argc, &argv, &error);
    if (!good)
        fprintf(stderr, "gateway_load: %s\n", error->message);
    g_clear_error(&error);
    g_option_context_free(context);
    connections = CLAMP(connections, 1, CONNECTIONS_MAX);
    requests = CLAMP(requests, connections, REQUESTS_MAX);
    registers = CLAMP(registers, 1, 125);
    ports = MAX(ports, 1);
    return good;
}

static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
    struct load l = { 0 };

    if (!parse(argc, argv))
        return 2;
    raise_descriptor_limit();
    l.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    l.clients = g_new0(struct client, connections);
    l.latency_ns = g_new(uint32_t, requests);
    for (int i = 0; i < connections; i++) {
        l.clients[i].link.data = &l.clients[i];
        if (client_connect(&l, &l.clients[i], port + i % ports))
            continue;
        fprintf(stderr, "gateway_load: connection %d: %s\n", i, strerror(errno));
        return 1;
    }
    int64_t start_ns = clock_ns(CLOCK_MONOTONIC), cpu_ns = server_cpu_ns();
    bool good = run(&l);
    report(&l, clock_ns(CLOCK_MONOTONIC) - start_ns, server_cpu_ns() - cpu_ns);
    if (!good)
        fprintf(stderr, "gateway_load: stopped early, %d wrong answers\n", l.wrong);
    for (int i = 0; i < connections; i++)
        close(l.clients[i].fd);
    close(l.epoll_fd);
    g_free(l.latency_ns);
    g_free(l.clients);
    return good ? 0 : 1;
}
