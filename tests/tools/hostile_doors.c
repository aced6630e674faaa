/* hostile_doors TCP_PORT PTY CONSOLE METRICS_PORT SECONDS [SEED]: a client that does
 * whatever comes, on all doors of `metersim serve` at once, one thread each: frames with
 * bits that are wrong, bytes without sense, lines of Lua that compute without end,
 * requests that are cut, answers that nobody reads, connections that are reset. Prints
 * how much of it was done; exit 1 when a door was never reached. */
#include "core/crc.h"
#include "waveform/base/random.h"
#include <arpa/inet.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MESSAGE_MAX = 70000, METERS = 16, PAUSE_US = 2000 };

struct door {
    const char *name;
    int (*open)(const struct door *d);
    size_t (*message)(uint64_t *random, uint8_t *bytes);
    int port;
    const char *path;
    uint64_t random;
};

static int64_t end_us;

static bool is_over(void)
{
    return g_get_monotonic_time() >= end_us;
}

static unsigned below(uint64_t *random, unsigned n)
{
    return (unsigned)(random_next(random) >> 33) % n;
}

static int open_tcp(const struct door *d)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)d->port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int open_unix(const struct door *d)
{
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_strlcpy(to.sun_path, d->path, sizeof to.sun_path);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int open_pty(const struct door *d)
{
    return open(d->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
}

static size_t put_noise(uint64_t *random, uint8_t *bytes, unsigned most)
{
    const unsigned size = 1 + below(random, most);

    for (unsigned k = 0; k < size; k++)
        bytes[k] = (uint8_t)(random_next(random) >> 40);
    return size;
}

/* Some bits of it become wrong. */
static void spoil(uint64_t *random, uint8_t *bytes, size_t size)
{
    for (unsigned n = below(random, 4); n > 0; n--)
        bytes[below(random, (unsigned)size)] ^= (uint8_t)(1u << below(random, 8));
}

/* A read or a write of some registers; never of meter 1, which others compare. */
static size_t put_pdu(uint64_t *random, uint8_t *bytes)
{
    static const uint8_t functions[] = { 3, 4, 6, 16, 1, 17, 43, 8 };

    bytes[0] = (uint8_t)(2 + below(random, METERS - 1));
    bytes[1] = functions[below(random, sizeof functions)];
    for (int k = 2; k < 6; k++)
        bytes[k] = (uint8_t)(random_next(random) >> 40);
    bytes[2] &= 63;
    bytes[4] = 0;
    if (bytes[1] != 16)
        return 6;
    bytes[5] = (uint8_t)(1 + below(random, 100));
    bytes[6] = (uint8_t)(2 * bytes[5]);
    for (int k = 0; k < bytes[6]; k++)
        bytes[7 + k] = (uint8_t)(random_next(random) >> 40);
    return 7u + bytes[6];
}

static size_t tcp_message(uint64_t *random, uint8_t *bytes)
{
    if (below(random, 4) == 0)
        return put_noise(random, bytes, 6000);
    const size_t size = put_pdu(random, bytes + 6);
    const uint8_t header[6] = { 0, 1, 0, 0, (uint8_t)(size >> 8), (uint8_t)size };
    memcpy(bytes, header, sizeof header);
    spoil(random, bytes, 6);
    return sizeof header + size;
}

static size_t rtu_message(uint64_t *random, uint8_t *bytes)
{
    if (below(random, 4) == 0)
        return put_noise(random, bytes, 300);
    const size_t size = put_pdu(random, bytes);
    const uint16_t crc = crc_modbus(bytes, (uint32_t)size);
    bytes[size] = (uint8_t)crc;
    bytes[size + 1] = (uint8_t)(crc >> 8);
    if (below(random, 2))
        spoil(random, bytes, size + 2);
    return size + 2;
}

/* What hangs, fills memory or leaves much behind, if it may. */
static const char *const lines[] = {
    "while true do end",
    "local t = {} while true do t[#t + 1] = string.rep('x', 1000) end",
    "for i = 1, 200000 do string.rep('x', 30000000) end",
    "table.move({}, 1, 1 << 62, 2)",
    "return string.rep('', 1 << 62)",
    "return ('a'):rep(100000):find(('.-'):rep(100) .. 'b')",
    "local function f() return f() + 1 end return f()",
    "pcall(function() while true do pcall(error) end end)",
    "return { [string.rep('k', 900000)] = 1 }",
    "recording('recordings/sag_b_480v.cfg', { before = '1 h', after = '1 h' })",
    "stop_recording()",
    "add_load('profile', { file = 'scenarios/profile_day.csv' })",
    "clear_loads()",
    "add_load('profile', { file = '/dev/zero' })",
    "fault(meters[2], 'ct_reversed', 'B') clear(meters[2])",
    "power(meters[3], 'off') power(meters[3], 'on')",
    "event('sag', { percent = 50, duration = '0.1 s' })",
    "advance(2)",
    "hold() go()",
    "wait '1 h'",
    "after('1 h', function() end)",
    "when(function() return false end, function() end)",
    "for k = 1, 500 do after('1 s', function() end) end",
    "return meters[2]:read(1, 100)",
    "{\"id\":[[[[]]]],\"lua\":\"return 1\"}",
    "{\"complete\":\"meters.\"}",
    "{\"lua\":",
    "x = {} for k = 1, 10000 do x[k] = k end return x",
};

static size_t console_message(uint64_t *random, uint8_t *bytes)
{
    const unsigned kind = below(random, 16);

    if (kind == 0)
        return put_noise(random, bytes, MESSAGE_MAX);
    const char *line = lines[below(random, G_N_ELEMENTS(lines))];
    const size_t size = strlen(line);
    memcpy(bytes, line, size);
    if (kind == 1)
        spoil(random, bytes, size);
    bytes[size] = '\n';
    return size + 1;
}

static size_t http_message(uint64_t *random, uint8_t *bytes)
{
    static const char *const requests[] = {
        "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "POST /metrics HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nX: ",
        "HEAD /metrics\r\n\r\n",
    };

    if (below(random, 4) == 0)
        return put_noise(random, bytes, 10000);
    const char *request = requests[below(random, G_N_ELEMENTS(requests))];
    const size_t size = strlen(request);
    memcpy(bytes, request, size);
    spoil(random, bytes, size);
    return 1 + below(random, (unsigned)size);
}

static void end_client(struct door *d, int fd)
{
    const struct linger reset = { 1, 0 };

    switch (below(&d->random, 4)) {
    case 0:
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        break;
    case 1:
        shutdown(fd, SHUT_WR);
        g_usleep(below(&d->random, 20000));
        break;
    default:
        break;
    }
    close(fd);
}

/* Some messages, of which the answers are read, or not. */
static long talk(struct door *d, int fd, uint8_t *bytes)
{
    const bool reads = below(&d->random, 2);
    uint8_t answer[4096];
    long sent = 0;

    for (unsigned n = 1 + below(&d->random, 20); n > 0 && !is_over(); n--) {
        const size_t size = d->message(&d->random, bytes);
        if (write(fd, bytes, size) > 0)
            sent++;
        g_usleep(below(&d->random, 2 * PAUSE_US));
        if (reads && read(fd, answer, sizeof answer) == 0)
            break;
    }
    return sent;
}

static gpointer run(gpointer user)
{
    struct door *d = user;
    uint8_t *bytes = g_malloc(MESSAGE_MAX + 1);
    long sent = 0;

    while (!is_over()) {
        int fd = d->open(d);
        if (fd < 0) {
            g_usleep(PAUSE_US);
            continue;
        }
        const int flags = fcntl(fd, F_GETFL);
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
        sent += talk(d, fd, bytes);
        end_client(d, fd);
    }
    g_free(bytes);
    return (gpointer)(intptr_t)sent;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: hostile_doors TCP_PORT PTY CONSOLE METRICS_PORT "
                        "SECONDS [SEED]\n");
        return 2;
    }
    struct door doors[] = {
        { "Modbus TCP", open_tcp, tcp_message, atoi(argv[1]), NULL, 0 },
        { "pty", open_pty, rtu_message, 0, argv[2], 0 },
        { "console", open_unix, console_message, 0, argv[3], 0 },
        { "metrics", open_tcp, http_message, atoi(argv[4]), NULL, 0 },
    };
    GThread *threads[G_N_ELEMENTS(doors)];
    const uint64_t seed = argc > 6 ? strtoull(argv[6], NULL, 10) : 1;
    int code = 0;

    signal(SIGPIPE, SIG_IGN);
    end_us = g_get_monotonic_time() + atoi(argv[5]) * INT64_C(1000000);
    for (size_t k = 0; k < G_N_ELEMENTS(doors); k++) {
        doors[k].random = seed * G_N_ELEMENTS(doors) + k + 1;
        threads[k] = g_thread_new(doors[k].name, run, &doors[k]);
    }
    for (size_t k = 0; k < G_N_ELEMENTS(doors); k++) {
        const long sent = (long)(intptr_t)g_thread_join(threads[k]);
        printf("%s%ld on %s", k ? ", " : "messages: ", sent, doors[k].name);
        code |= sent == 0;
    }
    printf("\n");
    return code;
}
