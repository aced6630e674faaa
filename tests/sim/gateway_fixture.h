/* What the tests of the gateway share: a gateway on a private loop that the test steps
 * itself, clients on loopback, and a toy unit whose register n of unit u is
 * base + u * 1000 + n. Everything that waits has an end, so a fault is a failed test
 * and not a test that hangs. */
#pragma once

#include "sim/gateway/gateway.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    UNIT_ABSENT = 200, /* -1 from the handler */
    UNIT_SILENT = 201, /* 0 from the handler */
    UNIT_ECHO = 202,   /* the request comes back */
    REQUEST_BYTES = 12,
    PATIENCE_MS = 60000, /* a hang */
    LATE_STEPS = 4       /* of the loop, which are due when a time has passed */
};

struct fixture {
    GMainContext *context;
    struct gateway *gateway;
    int port;
    int base;
    int handled;
    int steps;  /* of the loop */
    bool reset; /* the last end that a client saw was no orderly close */
};

static inline void put_u16(uint8_t *at, int value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static inline int get_u16(const uint8_t *at)
{
    return at[0] << 8 | at[1];
}

static inline int toy_read(int first, const uint8_t *request, int length,
                           uint8_t *answer)
{
    int count = length == 5 ? get_u16(request + 3) : 0;

    answer[0] = request[0];
    if (request[0] != 3 || count < 1 || count > 125) {
        answer[0] |= 0x80;
        answer[1] = request[0] == 3 ? 3 : 1;
        return 2;
    }
    answer[1] = (uint8_t)(2 * count);
    for (int i = 0; i < count; i++)
        put_u16(answer + 2 + 2 * i, first + get_u16(request + 1) + i);
    return 2 + 2 * count;
}

static inline int toy_handler(void *user, uint8_t unit, const uint8_t *request,
                              int length, uint8_t *answer)
{
    struct fixture *f = user;

    assert_in_range(length, 1, GATEWAY_PDU_MAX);
    f->handled++;
    if (unit == UNIT_ABSENT)
        return -1;
    if (unit == UNIT_SILENT)
        return 0;
    if (unit != UNIT_ECHO)
        return toy_read(f->base + unit * 1000, request, length, answer);
    memcpy(answer, request, (size_t)length);
    return length;
}

static inline struct gateway_limits limits_default(void)
{
    struct gateway_limits limits;

    gateway_default_limits(&limits);
    return limits;
}

/* A gateway with one port; `limits` may be NULL. */
static inline void fixture_open(struct fixture *f, const struct gateway_limits *limits)
{
    GError *error = NULL;

    *f = (struct fixture){ .context = g_main_context_new() };
    f->gateway = gateway_new(f->context, limits);
    assert_non_null(f->gateway);
    f->port = gateway_listen(f->gateway, "127.0.0.1", 0, toy_handler, f, &error);
    assert_null(error);
    assert_in_range(f->port, 1, 65535);
}

static inline void fixture_close(struct fixture *f)
{
    gateway_free(f->gateway);
    g_main_context_unref(f->context);
}

static inline struct gateway_counters fixture_counters(const struct fixture *f)
{
    struct gateway_counters counters;

    gateway_counters(f->gateway, &counters);
    return counters;
}

static inline int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

static inline void fixture_step(struct fixture *f)
{
    f->steps++;
    g_main_context_iteration(f->context, FALSE);
}

/* For so long, and some steps more: a host may take the processor away for all of it. */
static inline void fixture_run(struct fixture *f, int ms)
{
    int64_t end_ms = now_ms() + ms;

    while (now_ms() < end_ms) {
        fixture_step(f);
        poll(NULL, 0, 1);
    }
    for (int k = 0; k < LATE_STEPS; k++)
        fixture_step(f);
}

/* Until so many connections have been closed, or a hang. */
static inline void fixture_run_until_closed(struct fixture *f, uint64_t count)
{
    int64_t end_ms = now_ms() + PATIENCE_MS;

    while (fixture_counters(f).closed < count && now_ms() < end_ms)
        fixture_run(f, 1);
    assert_int_equal(fixture_counters(f).closed, count);
}

/* What must come within a limit of the gateway's can be late on a slow host, and then an
 * attempt says nothing: it returns false and is made again with a limit twice as long. */
static inline void repeat_with_longer_limits(bool (*attempt)(int limit_ms),
                                             int limit_ms)
{
    const int longest_ms = limit_ms << 6;

    while (!attempt(limit_ms)) {
        assert_true(limit_ms < longest_ms);
        limit_ms *= 2;
    }
}

static inline int client_connect(int port)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

    assert_true(fd >= 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_return_code(connect(fd, (struct sockaddr *)&to, sizeof to), errno);
    assert_return_code(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), errno);
    return fd;
}

/* Sends all, stepping the gateway when the socket is full. */
static inline void client_send(struct fixture *f, int fd, const void *bytes, int count)
{
    int64_t end_ms = now_ms() + PATIENCE_MS;

    for (int sent = 0; sent < count;) {
        ssize_t n = send(fd, (const uint8_t *)bytes + sent, (size_t)(count - sent),
                         MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0)
            assert_int_equal(errno, EAGAIN);
        else
            sent += (int)n;
        fixture_step(f);
        assert_true(now_ms() < end_ms);
    }
}

/* Receives up to `count` bytes while the gateway runs; fewer: the gateway has closed
 * the connection (`*ended`) or nothing has come for `patience_ms`. */
static inline int client_receive(struct fixture *f, int fd, uint8_t *bytes, int count,
                                 int patience_ms, bool *ended)
{
    int64_t end_ms = now_ms() + patience_ms;
    int got = 0;

    *ended = false;
    while (got < count && now_ms() < end_ms) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        fixture_step(f);
        if (poll(&p, 1, 1) == 0)
            continue;
        ssize_t n = recv(fd, bytes + got, (size_t)(count - got), MSG_DONTWAIT);
        if (n <= 0) {
            f->reset = n < 0; /* told once: the next recv() would say 0 */
            *ended = true;
            break;
        }
        got += (int)n;
    }
    return got;
}

static inline void client_expect(struct fixture *f, int fd, const uint8_t *bytes,
                                 int count)
{
    uint8_t got[70000];
    bool ended;

    assert_int_equal(client_receive(f, fd, got, count, PATIENCE_MS, &ended), count);
    assert_memory_equal(got, bytes, (size_t)count);
}

static inline void client_expect_silence(struct fixture *f, int fd, int ms)
{
    uint8_t byte;
    bool ended;

    assert_int_equal(client_receive(f, fd, &byte, 1, ms, &ended), 0);
    assert_false(ended);
}

/* The end comes by an orderly close (not a reset), within `patience_ms`. */
static inline void client_expect_end(struct fixture *f, int fd, int patience_ms)
{
    uint8_t byte;
    bool ended;

    assert_int_equal(client_receive(f, fd, &byte, 1, patience_ms, &ended), 0);
    assert_true(ended);
    assert_false(f->reset);
}

static inline int write_request(uint8_t *at, int transaction, int unit, int addr,
                                int count)
{
    put_u16(at, transaction);
    put_u16(at + 2, 0);
    put_u16(at + 4, 6);
    at[6] = (uint8_t)unit;
    at[7] = 3;
    put_u16(at + 8, addr);
    put_u16(at + 10, count);
    return REQUEST_BYTES;
}

/* What the toy unit answers to write_request(); returns its bytes. */
static inline int write_answer(uint8_t *at, int base, int transaction, int unit,
                               int addr, int count)
{
    put_u16(at, transaction);
    put_u16(at + 2, 0);
    put_u16(at + 4, 3 + 2 * count);
    at[6] = (uint8_t)unit;
    at[7] = 3;
    at[8] = (uint8_t)(2 * count);
    for (int i = 0; i < count; i++)
        put_u16(at + 9 + 2 * i, base + unit * 1000 + addr + i);
    return 9 + 2 * count;
}

/* One read, asked and checked. */
static inline void client_read(struct fixture *f, int fd, int transaction)
{
    uint8_t request[REQUEST_BYTES], answer[260];
    int count = 1 + transaction % 125;

    write_request(request, transaction, 1, 7, count);
    client_send(f, fd, request, REQUEST_BYTES);
    client_expect(f, fd, answer,
                  write_answer(answer, f->base, transaction, 1, 7, count));
}
