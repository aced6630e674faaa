/* gateway_hostile PORT SECONDS: what clients of a Modbus TCP server on this machine can
 * do to the others, all at once, one thread each: one sends a byte every 300 ms, one
 * pipelines requests and never reads, one sends garbage, one opens and drops
 * connections (1000 a second). Prints how much of it was done; exit 1 when something
 * never was. */
#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DRIP_US = 300000, DROP_US = 1000, BLOCK_BYTES = 6000 };

static int port;
static int64_t end_us;

static int connect_client(void)
{
    struct sockaddr_in to = { .sin_family = AF_INET };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_port = htons((uint16_t)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int is_over(void)
{
    return g_get_monotonic_time() >= end_us;
}

/* Sends `size` bytes again and again with a pause; connects anew when it is closed.
 * Returns the bytes sent. */
static intptr_t send_for_ever(uint8_t *bytes, size_t size, gulong pause_us,
                              void (*change)(uint8_t *bytes))
{
    intptr_t sent = 0;
    int fd = -1;

    while (!is_over()) {
        if (fd < 0)
            fd = connect_client();
        if (change != NULL)
            change(bytes);
        ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0)
            sent += n;
        else if (errno != EAGAIN && fd >= 0)
            fd = (close(fd), -1);
        g_usleep(pause_us);
    }
    if (fd >= 0)
        close(fd);
    return sent;
}

/* The bytes of a request, one by one. */
static void next_drip(uint8_t *byte)
{
    static const uint8_t request[] = { 0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 10 };
    static unsigned at;

    *byte = request[at++ % sizeof request];
}

static gpointer drip(gpointer user)
{
    uint8_t byte;

    (void)user;
    return (gpointer)send_for_ever(&byte, 1, DRIP_US, next_drip);
}

static gpointer pipeline(gpointer user)
{
    static uint8_t requests[BLOCK_BYTES];

    (void)user;
    for (int k = 0; k < BLOCK_BYTES; k++) {
        static const uint8_t request[] = { 0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 100 };
        requests[k] = request[k % 12];
    }
    return (gpointer)send_for_ever(requests, sizeof requests, 500, NULL);
}

static void make_garbage(uint8_t *bytes)
{
    static uint32_t state = 1;

    for (int k = 0; k < BLOCK_BYTES; k++) {
        state = state * 1664525 + 1013904223;
        bytes[k] = (uint8_t)(state >> 24);
    }
}

static gpointer talk_garbage(gpointer user)
{
    static uint8_t bytes[BLOCK_BYTES];

    (void)user;
    return (gpointer)send_for_ever(bytes, sizeof bytes, 1000, make_garbage);
}

static gpointer drop(gpointer user)
{
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };
    intptr_t count = 0;

    (void)user;
    for (; !is_over(); g_usleep(DROP_US)) {
        int fd = connect_client();
        if (fd < 0)
            continue;
        if (count++ % 2 == 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
    }
    return (gpointer)count;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        GThreadFunc run;
    } clients[] = { { "bytes dripped", drip },
                    { "bytes pipelined", pipeline },
                    { "bytes of garbage", talk_garbage },
                    { "connections dropped", drop } };
    GThread *threads[G_N_ELEMENTS(clients)];
    int code = 0;

    if (argc != 3) {
        fprintf(stderr, "usage: gateway_hostile PORT SECONDS\n");
        return 2;
    }
    port = atoi(argv[1]);
    end_us = g_get_monotonic_time() + CLAMP(atoi(argv[2]), 1, 600) * INT64_C(1000000);
    for (size_t k = 0; k < G_N_ELEMENTS(clients); k++)
        threads[k] = g_thread_new(clients[k].name, clients[k].run, NULL);
    for (size_t k = 0; k < G_N_ELEMENTS(clients); k++) {
        intptr_t much = (intptr_t)g_thread_join(threads[k]);
        printf("%" G_GINTPTR_FORMAT " %s%s", much, clients[k].name,
               k + 1 < G_N_ELEMENTS(clients) ? ", " : "\n");
        code |= much == 0;
    }
    return code;
}
