/* What one client of the Modbus TCP gateway can do to the others: half frames, bytes
 * that drip, answers that nobody reads, floods. */
#include "tests/sim/gateway_fixture.h"

#include <sys/ioctl.h>

static void half_a_frame_closes(void **state)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t request[REQUEST_BYTES];
    (void)state;

    limits.frame_ms = 100;
    fixture_open(&f, &limits);
    int half = client_connect(f.port), silent = client_connect(f.port);
    int later = client_connect(f.port);
    client_read(&f, half, 1);
    write_request(request, 2, 1, 0, 1);
    int64_t start_ms = now_ms();
    client_send(&f, half, request, 7);
    fixture_run(&f, 50);
    client_send(&f, later, request, 1);
    client_expect_end(&f, half, PATIENCE_MS);
    assert_in_range(now_ms() - start_ms, 99, PATIENCE_MS);
    client_expect_end(&f, later, PATIENCE_MS);
    assert_in_range(now_ms() - start_ms, 149, PATIENCE_MS);
    client_read(&f, silent, 3); /* silence between frames is no half frame */
    assert_int_equal(fixture_counters(&f).timed_out, 2);
    close(half);
    close(later);
    close(silent);
    fixture_close(&f);
}

/* Byte by byte does not buy time. */
static void half_a_frame_is_timed_from_its_first_byte(void **state)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t frame[260] = { 0, 1, 0, 0, 0, 254, UNIT_ECHO, 3 };
    bool ended = false;
    (void)state;

    limits.frame_ms = 200;
    fixture_open(&f, &limits);
    int fd = client_connect(f.port);
    int64_t start_ms = now_ms();
    for (int i = 0; i < 260 && !ended; i++) {
        uint8_t byte;
        client_send(&f, fd, frame + i, 1);
        client_receive(&f, fd, &byte, 1, 10, &ended);
    }
    assert_true(ended);
    assert_in_range(now_ms() - start_ms, 199, PATIENCE_MS);
    close(fd);
    fixture_close(&f);
}

/* Each frame has a time of its own: two that take more than half of it pass. */
static bool try_frames_in_halves(int limit_ms)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t request[3 * REQUEST_BYTES], answer[260];
    bool in_time = true;

    limits.frame_ms = limit_ms;
    fixture_open(&f, &limits);
    int fd = client_connect(f.port);
    for (int i = 0; i < 3; i++)
        write_request(request + i * REQUEST_BYTES, i, 1, 0, 1);
    int64_t start_ms = now_ms();
    client_send(&f, fd, request, 6);
    for (int i = 0; i < 2 && in_time; i++) {
        fixture_run(&f, limit_ms * 6 / 10);
        in_time = send(fd, request + 6 + i * REQUEST_BYTES, REQUEST_BYTES,
                       MSG_NOSIGNAL) == REQUEST_BYTES &&
                  now_ms() - start_ms < limit_ms;
        start_ms = now_ms();
        if (in_time)
            client_expect(&f, fd, answer, write_answer(answer, 0, i, 1, 0, 1));
    }
    close(fd);
    fixture_close(&f);
    return in_time;
}

static void each_frame_has_a_time_of_its_own(void **state)
{
    (void)state;
    repeat_with_longer_limits(try_frames_in_halves, 200);
}

/* Each answer to the other comes in the next few steps of the loop. */
static void a_slow_client_delays_no_other(void **state)
{
    struct fixture f;
    uint8_t request[REQUEST_BYTES], answer[260];
    int most = 0;
    (void)state;

    fixture_open(&f, NULL);
    int slow = client_connect(f.port), other = client_connect(f.port);
    write_request(request, 9, 1, 0, 1);
    for (int i = 0; i < REQUEST_BYTES; i++) {
        client_send(&f, slow, request + i, 1);
        for (int n = 0; n < 20; n++) {
            int before = f.steps;
            client_read(&f, other, i * 20 + n);
            most = MAX(most, f.steps - before);
        }
        fixture_run(&f, 5);
    }
    assert_in_range(most, 1, 20);
    client_expect(&f, slow, answer, write_answer(answer, 0, 9, 1, 0, 1));
    close(slow);
    close(other);
    fixture_close(&f);
}

/* Sends requests until no more are taken, or 20000; returns their number. */
static int flood(struct fixture *f, int fd)
{
    enum { BATCH = 64 };
    static uint8_t requests[BATCH * REQUEST_BYTES];
    int sent = 0, quiet = 0;

    for (int i = 0; i < BATCH; i++)
        write_request(requests + i * REQUEST_BYTES, i, 1, i, 125);
    while (quiet < 20 && sent < 20000 * REQUEST_BYTES) {
        int at = sent % (int)sizeof requests;
        ssize_t n = send(fd, requests + at, sizeof requests - (size_t)at,
                         MSG_NOSIGNAL | MSG_DONTWAIT);
        quiet = n > 0 ? 0 : quiet + 1;
        sent += n > 0 ? (int)n : 0;
        fixture_run(f, n > 0 ? 0 : 1);
        fixture_step(f);
    }
    return sent / REQUEST_BYTES;
}

static void expect_quiet_loop(struct fixture *f)
{
    for (int i = 0; i < 100; i++)
        assert_false(g_main_context_iteration(f->context, FALSE));
}

/* The deaf client gets every answer in order once it reads; until then the gateway has
 * stopped reading, too, does not spin, and the others do not notice. */
static void a_client_that_does_not_read_is_not_read_from(void **state)
{
    struct fixture f;
    (void)state;

    fixture_open(&f, NULL);
    int deaf = client_connect(f.port), other = client_connect(f.port);
    int requests = flood(&f, deaf);
    int handled = f.handled;
    assert_true(handled < requests);
    assert_true(handled <
                5000); /* 259 bytes each: 64 kB here, some more in the kernel */
    expect_quiet_loop(&f);
    for (int i = 0; i < 50; i++)
        client_read(&f, other, i);
    assert_int_equal(f.handled, handled + 50);
    for (int i = 0; i < requests; i++) {
        uint8_t answer[260];
        client_expect(&f, deaf, answer,
                      write_answer(answer, 0, i % 64, 1, i % 64, 125));
    }
    close(deaf);
    close(other);
    fixture_close(&f);
}

/* Requests that had arrived when the client stopped reading are answered without
 * another byte from it. */
static void what_was_asked_meanwhile_is_answered(void **state)
{
    enum { BATCH = 100 };
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t requests[BATCH * REQUEST_BYTES], answer[260];
    int asked = 0;
    (void)state;

    limits.unread_bytes = 1000; /* a batch of answers ends before one of requests */
    fixture_open(&f, &limits);
    int fd = client_connect(f.port);
    for (int i = 0; i < BATCH; i++)
        write_request(requests + i * REQUEST_BYTES, i, 1, i, 125);
    for (; f.handled == asked && asked < 20000; asked += BATCH) {
        client_send(&f, fd, requests, sizeof requests);
        fixture_run(&f, 3);
    }
    assert_true(f.handled < asked);
    for (int i = 0; i < asked; i++)
        client_expect(&f, fd, answer,
                      write_answer(answer, 0, i % BATCH, 1, i % BATCH, 125));
    close(fd);
    fixture_close(&f);
}

static void a_client_that_never_reads_is_closed(void **state)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    (void)state;

    limits.answer_ms = 200;
    limits.unread_bytes = 0; /* raised to one answer */
    fixture_open(&f, &limits);
    int deaf = client_connect(f.port), other = client_connect(f.port);
    flood(&f, deaf);
    fixture_run_until_closed(&f, 1);
    assert_int_equal(fixture_counters(&f).timed_out, 1);
    assert_int_equal(fixture_counters(&f).open, 1);
    client_read(&f, other, 1);
    close(deaf);
    close(other);
    fixture_close(&f);
}

/* What a turn of the loop does is bounded, whatever the clients send: by max-turn and
 * the one buffer that was begun before. */
static void a_turn_of_the_loop_is_bounded(void **state)
{
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t requests[200 * REQUEST_BYTES];
    (void)state;

    limits.turn_requests = 100;
    fixture_open(&f, &limits);
    int fast = client_connect(f.port);
    fixture_step(&f);
    for (int i = 0; i < 200; i++)
        write_request(requests + i * REQUEST_BYTES, i, UNIT_SILENT, 0, 1);
    for (int i = 0; i < 20; i++)
        assert_int_equal(send(fast, requests, sizeof requests, 0), sizeof requests);
    for (int step = 0; step < 100 && f.handled < 4000; step++) {
        int before = f.handled;
        fixture_step(&f);
        assert_true(f.handled - before <= 100 + 2048 / REQUEST_BYTES + 1);
    }
    assert_int_equal(f.handled, 4000);
    close(fast);
    fixture_close(&f);
}

/* Turns that end early go on where they ended: with more floods than a turn has room
 * for, each advances as far as the others. */
static void floods_are_served_evenly(void **state)
{
    enum { FLOODS = 30, BATCHES = 10, BATCH = 150, ANSWER_BYTES = 11 };
    struct gateway_limits limits = limits_default();
    struct fixture f;
    uint8_t requests[BATCH * REQUEST_BYTES];
    int fds[FLOODS];
    (void)state;

    limits.turn_requests = 300;
    fixture_open(&f, &limits);
    for (int i = 0; i < BATCH; i++)
        write_request(requests + i * REQUEST_BYTES, i, 1, 0, 1);
    for (int k = 0; k < FLOODS; k++) {
        fds[k] = client_connect(f.port);
        fixture_step(&f);
    }
    for (int k = 0; k < FLOODS * BATCHES; k++)
        assert_int_equal(send(fds[k % FLOODS], requests, sizeof requests, MSG_DONTWAIT),
                         sizeof requests);
    while (f.handled < FLOODS * BATCHES * BATCH / 2)
        fixture_step(&f);
    for (int k = 0; k < FLOODS; k++) {
        int bytes = 0;
        assert_return_code(ioctl(fds[k], FIONREAD, &bytes), errno);
        int answers = bytes / ANSWER_BYTES, mean = f.handled / FLOODS;
        assert_in_range(answers, mean - 2 * 171, mean + 2 * 171);
        close(fds[k]);
    }
    fixture_close(&f);
}

/* For the leak checker: a deaf client, half a frame and a full backlog at the end. */
static void freeing_with_clients_leaves_nothing(void **state)
{
    struct fixture f;
    int fds[8];
    (void)state;

    fixture_open(&f, NULL);
    for (int i = 0; i < 8; i++)
        fds[i] = client_connect(f.port);
    flood(&f, fds[0]);
    client_send(&f, fds[1], "\0\1\0", 3);
    client_send(&f, fds[2], "\0\1\0\0\0\0", 6);
    int late = client_connect(f.port);
    fixture_close(&f);
    for (int i = 0; i < 8; i++)
        close(fds[i]);
    close(late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_a_frame_closes),
        cmocka_unit_test(half_a_frame_is_timed_from_its_first_byte),
        cmocka_unit_test(each_frame_has_a_time_of_its_own),
        cmocka_unit_test(a_slow_client_delays_no_other),
        cmocka_unit_test(a_client_that_does_not_read_is_not_read_from),
        cmocka_unit_test(what_was_asked_meanwhile_is_answered),
        cmocka_unit_test(a_client_that_never_reads_is_closed),
        cmocka_unit_test(a_turn_of_the_loop_is_bounded),
        cmocka_unit_test(floods_are_served_evenly),
        cmocka_unit_test(freeing_with_clients_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
