/* Rows h and i: the program as users start it, and the scenarios that come with it. */
#include "sim/bench/bench.h"
#include "sim/program/data.h"
#include "sim/program/error.h"
#include "sim/run/run_list.h"
#include "sim/run/run_pool.h"
#include <gio/gio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The port in "Modbus TCP on 127.0.0.1:PORT, …"; 0: the program ended without. */
static int read_port(int fd)
{
    static const char before[] = "127.0.0.1:";
    char text[512];
    size_t size = 0;
    ssize_t n;

    while (size < sizeof text - 1 &&
           (n = read(fd, text + size, sizeof text - 1 - size)) > 0) {
        text[size += (size_t)n] = '\0';
        const char *at = strstr(text, before);
        if (at && strchr(at, ','))
            return atoi(at + sizeof before - 1);
    }
    return 0;
}

/* Reads register 130 (the system type) by function 03. */
static bool gives_answer(int port)
{
    static const uint8_t request[] = { 0, 1, 0, 0, 0, 6, 1, 3, 0, 129, 0, 1 };
    static const uint8_t right[] = { 0, 1, 0, 0, 0, 5, 1, 3, 2, 0, 40 };
    g_autoptr(GSocketClient) client = g_socket_client_new();
    GSocketConnection *c =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)port, NULL, NULL);
    uint8_t answer[sizeof right] = { 0 };
    gsize got = 0;

    if (c) {
        GIOStream *stream = G_IO_STREAM(c);
        g_output_stream_write_all(g_io_stream_get_output_stream(stream), request,
                                  sizeof request, NULL, NULL, NULL);
        g_input_stream_read_all(g_io_stream_get_input_stream(stream), answer,
                                sizeof answer, &got, NULL, NULL);
        g_object_unref(c);
    }
    return got == sizeof right && !memcmp(answer, right, sizeof right);
}

/* Milliseconds from the start of the program to its first answer; below 0: none. */
static double start_ms(void)
{
    char *argv[] = { "/proc/self/exe", "serve", "--tcp", "127.0.0.1:0", NULL };
    gint64 start = g_get_monotonic_time();
    GPid pid;
    int out;

    if (!g_spawn_async_with_pipes(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL,
                                  NULL, &pid, NULL, &out, NULL, NULL))
        return -1;
    int port = read_port(out);
    double ms = port && gives_answer(port) ? bench_seconds_since(start) * 1e3 : -1;
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
    close(out);
    return ms;
}

void bench_start(struct bench *b)
{
    struct bench_row *row = bench_row(b, "h", "ms", "start to first valid answer");

    for (int n = 0; n < b->runs; n++) {
        double ms = start_ms();
        if (ms < 0)
            error_warn("row h: the program gave no answer");
        else
            bench_add(row, ms);
    }
}

struct tally {
    GPtrArray *items;
    double simulated_s;
    int failed;
};

static void count(void *user, guint index)
{
    struct tally *t = user;
    const struct run_item *item = g_ptr_array_index(t->items, index);

    t->simulated_s += item->result.simulated_s;
    t->failed += item->result.outcome != SCENARIO_PASSED;
}

static double suite_s(const char *folder, struct tally *t)
{
    gint64 start = g_get_monotonic_time();

    *t = (struct tally){ .items = run_list_new() };
    run_list_add(t->items, folder, NULL);
    for (guint k = 0; k < t->items->len; k++)
        ((struct run_item *)g_ptr_array_index(t->items, k))->options.seed = 1;
    run_pool(t->items, 1, count, t);
    return bench_seconds_since(start);
}

void bench_scenarios(struct bench *b)
{
    g_autofree char *folder = data_path("scenarios");
    struct tally t;

    if (!g_file_test(folder, G_FILE_TEST_IS_DIR)) {
        error_warn("row i is left out: no folder %s", folder);
        return;
    }
    struct bench_row *row = bench_row(b, "i", "s", "the scenarios that come with it");
    struct bench_row *speed = bench_row(b, "i1", "x real time", "  the same, speed");
    for (int n = 0; n < b->runs; n++) {
        double seconds = suite_s(folder, &t);
        bench_add(row, seconds);
        bench_add(speed, t.simulated_s / seconds);
        if (t.failed)
            error_warn("row i: %d scenarios failed", t.failed);
        g_ptr_array_unref(t.items);
    }
}
