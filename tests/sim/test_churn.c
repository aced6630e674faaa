/* A console and a server that are used for long stand at constant memory: what a round
 * made is gone after the next ones. METERSIM_CHURN=N: N times as many rounds, or for
 * hours METERSIM_CHURN="N min": rounds for N minutes, half of them each of the two. */
#include "console_fixture.h"
#include "lines_fixture.h"
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum {
    ROUNDS = 1200,     /* above the greatest number of triggers */
    LIVE_ROUNDS = 400, /* each makes connections */
    WARM = 4,          /* one part of so many is for warming up */
    GROWTH_KB = 1024,  /* of Lua between two collections, of pools */
    RECORDING_EVERY = 40
};

static const char *const round_lines[] = {
    "fault(meters.meter1, 'ct_reversed', 'B')",
    "clear(meters.meter1)",
    "add_load('profile', { file = 'scenarios/profile_day.csv' })",
    "add_load('profile', { file = 'scenarios/profile_day.csv' })",
    "clear_loads()",
    "after('0.1 s', function() x = {} end)",
    "when(function() return true end, function() x = {} end)",
    "on_poll(meters.meter1, 1, function() x = {} end)",
    "x = meters.meter1:read(131)",
    "event('sag', { percent = 50, duration = '0.1 s' })",
    "clear_events()",
    "x = {} for k = 1, 50 do x[k] = tostring(k) end",
    "return x, 'and', { more = 'of it' }",
    "print(x)",
    "load { amps = '50 A' }",
};

static const char *const rare_lines[] = {
    "recording('recordings/sag_b_480v.cfg', { before = '2 s', after = '5 s' })",
    "recording('recordings/sag_b_480v.cfg')",
    "stop_recording()",
};

/* The rounds of a test: so many, or for so long. */
struct span {
    int rounds;
    gint64 begun, us; /* 0: by rounds */
    bool warm;
};

static struct span span(int rounds)
{
    const char *text = g_getenv("METERSIM_CHURN");
    const int n = MAX(text ? atoi(text) : 1, 1);

    if (text && g_str_has_suffix(text, " min"))
        return (struct span){ .begun = g_get_monotonic_time(),
                              .us = (gint64)n * 30 * G_USEC_PER_SEC };
    return (struct span){ .rounds = rounds * n };
}

static double part_done(const struct span *s, int n)
{
    if (s->us == 0)
        return (double)n / s->rounds;
    return (double)(g_get_monotonic_time() - s->begun) / (double)s->us;
}

/* True once: after the part that warms up. */
static bool warmed_up(struct span *s, int n)
{
    const bool now = !s->warm && part_done(s, n) > 1.0 / WARM;

    s->warm |= now;
    return now;
}

static void compare(const char *what, int rounds, long before, long after, long growth)
{
    print_message("%s: %d rounds, %ld KiB after a quarter, %ld KiB at most\n", what,
                  rounds, before, after);
    if (after > before + growth)
        fail_msg("from %ld KiB to %ld KiB in %d rounds", before, after, rounds);
}

static void run_line(struct lines *l, const char *line)
{
    lines_run(l, line);
    if (*l->error->str)
        fail_msg("%s\n  %s", line, l->error->str);
}

static void run_round(struct lines *l, int n)
{
    for (size_t k = 0; k < G_N_ELEMENTS(round_lines); k++)
        run_line(l, round_lines[k]);
    for (size_t k = 0; n % RECORDING_EVERY == 0 && k < G_N_ELEMENTS(rare_lines); k++)
        run_line(l, rare_lines[k]);
    lines_run(l, "wait '1 s'"); /* it is dropped */
    sim_run(l->sim, sim_now(l->sim) + 200000000);
}

static long used_kb(void)
{
    const struct mallinfo2 m = mallinfo2();

    return (long)((m.uordblks + m.hblkhd) / 1024);
}

static void lines_leave_nothing(void **state)
{
    struct lines l;
    long before = 0, greatest = 0;
    struct span s = span(ROUNDS);
    int n = 0;

    (void)state;
    lines_open(&l);
    for (; part_done(&s, n) < 1; n++) {
        run_round(&l, n);
        if (warmed_up(&s, n))
            before = used_kb();
        else if (s.warm)
            greatest = MAX(greatest, used_kb());
    }
    compare("lines", n, before, greatest, GROWTH_KB);
    lines_close(&l);
}

/* A client hangs up while the master of a line waits for an answer. */
static void an_exchange_outlives_its_line(void **state)
{
    struct lines l;

    (void)state;
    lines_open(&l);
    run_line(&l, "bus = line { baud = 9600 }");
    for (int n = 0; n < 20; n++) {
        lines_run(&l, "bus:read(9, 131)"); /* it is dropped */
        run_line(&l, "for k = 1, 20000 do x = { k } end");
        sim_run(l.sim, sim_now(l.sim) + 50000000);
    }
    sim_run(l.sim, sim_now(l.sim) + 30000000000);
    run_line(&l, "x = 1");
    lines_close(&l);
}

static long resident_kb(GPid pid)
{
    char path[40], line[128];
    long kb = 0;

    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    fclose(file);
    return kb;
}

/* A client of Modbus TCP that asks once, or hangs up in the middle of a request. */
static void ask_modbus(int port, bool whole)
{
    static const unsigned char request[] = { 0, 1, 0, 0, 0, 6, 1, 3, 0, 130, 0, 1 };
    char answer[64];
    GSocketClient *client = g_socket_client_new();
    GSocketConnection *c =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)port, NULL, NULL);

    assert_non_null(c);
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(c)), request,
                              whole ? sizeof request : 7, NULL, NULL, NULL);
    if (whole)
        assert_true(g_input_stream_read(g_io_stream_get_input_stream(G_IO_STREAM(c)),
                                        answer, sizeof answer, NULL, NULL) > 0);
    g_object_unref(c);
    g_object_unref(client);
}

static void ask_console(const struct served *s, int n)
{
    struct asker a;

    assert_true(asker_open(&a, s->socket));
    for (size_t k = 0; k < G_N_ELEMENTS(round_lines); k++)
        g_free(ask(&a, round_lines[k]));
    for (size_t k = 0; n % RECORDING_EVERY == 0 && k < G_N_ELEMENTS(rare_lines); k++)
        g_free(ask(&a, rare_lines[k]));
    asker_send(&a, n % 2 ? "wait '1 h'\n" : "half a li"); /* and hangs up */
    asker_close(&a);
}

static void a_server_stands(void **state)
{
    struct served s;
    struct span rounds = span(LIVE_ROUNDS);
    long before = 0;
    int n = 0;

    (void)state;
    /* Under ASan what is freed stays resident for a while: here for a short one. */
    g_setenv("ASAN_OPTIONS", "quarantine_size_mb=1:thread_local_quarantine_size_kb=64",
             FALSE);
    serve_start(&s, METERSIM, "--pcap=/dev/null");
    for (; part_done(&rounds, n) < 1; n++) {
        ask_modbus(s.port, n % 3 > 0);
        ask_console(&s, n);
        if (warmed_up(&rounds, n))
            before = resident_kb(s.pid);
    }
    const long after = resident_kb(s.pid);
    assert_int_equal(serve_stop(&s), 0);
    compare("a server", n, before, after, 4 * GROWTH_KB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_leave_nothing),
        cmocka_unit_test(an_exchange_outlives_its_line),
        cmocka_unit_test(a_server_stands),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
