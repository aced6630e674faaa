/* The number of connections of the Modbus TCP gateway and their ends: too many, no
 * descriptors left, storms, silence, and closing with input still on its way. */
#include "tests/sim/gateway_fixture.h"

#include <sys/resource.h>
#include <time.h>

static void the_oldest_unused_connection_makes_room(void **state)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    int fds[5];
    (void)state;

    limits.connections = 4;
    fixture_open(&f, &limits);
    for (int i = 0; i < 4; i++) {
        fds[i] = client_connect(f.port);
        client_read(&f, fds[i], i);
    }
    client_read(&f, fds[0], 10); /* now 1 is the oldest unused */
    client_send(&f, fds[1], "\0\1\0\1\0\2\1\3", 8);
    client_send(&f, fds[1], "\0", 1); /* neither foreign nor half frames are use */
    fds[4] = client_connect(f.port);
    client_read(&f, fds[4], 11);
    client_expect_end(&f, fds[1], PATIENCE_MS);
    for (int i = 0; i < 5; i++) {
        if (i != 1)
            client_read(&f, fds[i], 20 + i);
        close(fds[i]);
    }
    assert_int_equal(fixture_counters(&f).evicted, 1);
    fixture_close(&f);
}

/* Its request came too late, but its end is an end and not a reset. */
static void making_room_resets_nobody(void **state)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t request[REQUEST_BYTES];
    (void)state;

    limits.connections = 1;
    fixture_open(&f, &limits);
    int old = client_connect(f.port);
    client_read(&f, old, 1);
    fixture_step(&f); /* epoll forgets the old one: the young comes first */
    int young = client_connect(f.port);
    write_request(request, 2, 1, 0, 1);
    assert_int_equal(send(old, request, REQUEST_BYTES, 0), REQUEST_BYTES);
    client_expect_end(&f, old, PATIENCE_MS);
    client_read(&f, young, 3);
    close(old);
    close(young);
    fixture_close(&f);
}

static bool try_a_silent_and_a_busy_connection(int limit_ms)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t request[REQUEST_BYTES], answer[260];
    bool in_time = true;
    int64_t last_ms = now_ms();

    limits.idle_ms = limit_ms;
    fixture_open(&f, &limits);
    int silent = client_connect(f.port), busy = client_connect(f.port);
    for (int i = 0; i < 10 && in_time; i++) {
        if (i == 9)
            client_expect_end(&f, silent, PATIENCE_MS);
        write_request(request, i, 1, 0, 1);
        in_time = send(busy, request, REQUEST_BYTES, MSG_NOSIGNAL) == REQUEST_BYTES &&
                  now_ms() - last_ms < limit_ms;
        last_ms = now_ms();
        if (in_time)
            client_expect(&f, busy, answer, write_answer(answer, 0, i, 1, 0, 1));
        fixture_run(&f, i < 8 ? limit_ms / 5 : 0);
    }
    if (in_time)
        assert_int_equal(fixture_counters(&f).timed_out, 1);
    close(silent);
    close(busy);
    fixture_close(&f);
    return in_time;
}

static void silent_connections_end_after_idle_ms(void **state)
{
    (void)state;
    repeat_with_longer_limits(try_a_silent_and_a_busy_connection, 300);
}

static void a_thousand_connections_are_answered(void **state)
{
    enum { COUNT = 1000 };
    static int fds[COUNT];
    struct fixture f;
    (void)state;

    if (gateway_raise_descriptor_limit() < 2 * COUNT + 50)
        skip();
    fixture_open(&f, NULL);
    for (int i = 0; i < COUNT; i++) {
        fds[i] = client_connect(f.port);
        fixture_step(&f);
    }
    for (int i = 0; i < COUNT; i++) {
        uint8_t request[REQUEST_BYTES];
        write_request(request, i, 1, i, 10);
        assert_int_equal(send(fds[i], request, REQUEST_BYTES, 0), REQUEST_BYTES);
    }
    for (int i = 0; i < COUNT; i++) {
        uint8_t answer[260];
        client_expect(&f, fds[i], answer, write_answer(answer, 0, i, 1, i, 10));
    }
    assert_int_equal(fixture_counters(&f).open, COUNT);
    for (int i = 0; i < COUNT; i++)
        close(fds[i]);
    fixture_run_until_closed(&f, COUNT);
    fixture_close(&f);
}

static void storms_of_connections_leave_nothing(void **state)
{
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    for (int i = 0; i < 1000; i++) {
        int fd = client_connect(f.port);
        if (i % 3 == 0)
            client_read(&f, fd, i);
        if (i % 3 == 1)
            assert_int_equal(send(fd, "\0\1\0\0\0\6\1\3\0\0\0\1", 12, 0), 12);
        if (i % 2 == 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        close(fd);
    }
    fixture_run_until_closed(&f, 1000);
    assert_int_equal(fixture_counters(&f).open, 0);
    assert_int_equal(fixture_counters(&f).accepted, 1000);
    int fd = client_connect(f.port);
    client_read(&f, fd, 1);
    close(fd);
    fixture_close(&f);
}

/* Leaves no descriptor to accept with; returns the limit to restore. */
static struct rlimit take_all_descriptors(void)
{
    struct rlimit old, none;
    int lowest = dup(0);

    assert_return_code(lowest, errno);
    close(lowest);
    getrlimit(RLIMIT_NOFILE, &old);
    none = old;
    none.rlim_cur = (rlim_t)lowest;
    assert_return_code(setrlimit(RLIMIT_NOFILE, &none), errno);
    return old;
}

static int64_t cpu_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void without_descriptors_the_loop_does_not_spin(void **state)
{
    struct fixture f;
    int turns = 0;
    (void)state;

    fixture_open(&f, NULL);
    int waiting = client_connect(f.port);
    struct rlimit old = take_all_descriptors();
    int64_t start_ms = now_ms(), start_cpu_ms = cpu_ms();
    g_main_context_iteration(f.context, TRUE); /* accept fails: pause */
    for (; now_ms() - start_ms < 350 || turns < 3; turns++)
        g_main_context_iteration(f.context, TRUE);
    assert_true(turns <= (now_ms() - start_ms) / 8);
    assert_true(cpu_ms() - start_cpu_ms < 100);
    setrlimit(RLIMIT_NOFILE, &old);
    client_read(&f, waiting, 1); /* it waited in the backlog */
    close(waiting);
    fixture_close(&f);
}

static void without_descriptors_idle_connections_make_room(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    int first = client_connect(f.port), second = client_connect(f.port);
    client_read(&f, first, 1);
    client_read(&f, second, 2);
    int third = client_connect(f.port);
    struct rlimit old = take_all_descriptors();
    client_read(&f, third, 3);
    setrlimit(RLIMIT_NOFILE, &old);
    client_expect_end(&f, first, PATIENCE_MS);
    client_read(&f, second, 4);
    assert_int_equal(fixture_counters(&f).evicted, 1);
    close(first);
    close(second);
    close(third);
    fixture_close(&f);
}

/* An answer, then an impossible length, then 40 kB that nobody will ever parse. */
static void the_last_answer_survives_unread_input(void **state)
{
    static uint8_t junk[40000];
    (void)state;

    for (int round = 0; round < 20; round++) {
        struct fixture f;
        uint8_t answer[260];
        fixture_open(&f, NULL);
        int fd = client_connect(f.port);
        memset(junk, 0xFF, sizeof junk);
        write_request(junk, round, 1, 0, 125);
        client_send(&f, fd, junk, sizeof junk);
        fixture_run(&f, 5);
        client_expect(&f, fd, answer, write_answer(answer, 0, round, 1, 0, 125));
        client_expect_end(&f, fd, PATIENCE_MS);
        close(fd);
        fixture_close(&f);
    }
}

static bool still_takes(int fd)
{
    static const uint8_t junk[4096];
    ssize_t n = send(fd, junk, sizeof junk, MSG_NOSIGNAL | MSG_DONTWAIT);

    return n >= 0 || errno == EAGAIN;
}

/* False: the host was too slow for the number of bytes to come before the time. */
static bool try_to_read_to_the_end(void)
{
    struct fixture f;

    fixture_open(&f, NULL);
    int loud = client_connect(f.port), quiet = client_connect(f.port);
    client_send(&f, quiet, "\0\1\0\0\0\0", 6);
    client_send(&f, loud, "\0\1\0\0\0\0", 6);
    int64_t start_ms = now_ms();
    while (still_takes(loud) && now_ms() - start_ms < PATIENCE_MS)
        fixture_step(&f);
    bool in_time = now_ms() - start_ms < 900;
    if (in_time)
        assert_int_equal(fixture_counters(&f).open, 1); /* by the number of bytes */
    fixture_run_until_closed(&f, 2);
    if (in_time)
        assert_in_range(now_ms() - start_ms, 900, PATIENCE_MS); /* by time */
    close(loud);
    close(quiet);
    fixture_close(&f);
    return in_time;
}

static void reading_to_the_end_is_bounded(void **state)
{
    int tries = 1;

    (void)state;
    while (!try_to_read_to_the_end())
        assert_true(++tries < 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_oldest_unused_connection_makes_room),
        cmocka_unit_test(making_room_resets_nobody),
        cmocka_unit_test(silent_connections_end_after_idle_ms),
        cmocka_unit_test(a_thousand_connections_are_answered),
        cmocka_unit_test(storms_of_connections_leave_nothing),
        cmocka_unit_test(without_descriptors_the_loop_does_not_spin),
        cmocka_unit_test(without_descriptors_idle_connections_make_room),
        cmocka_unit_test(the_last_answer_survives_unread_input),
        cmocka_unit_test(reading_to_the_end_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
