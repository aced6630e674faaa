/* What goes wrong on RS-485: each fault of the link by what a master sees of it, one in
 * N, noise, echo, other devices; and what of it acts on Modbus TCP. */
#include "hal_sim/device_core.h"
#include "sim/gateway/bus.h"
#include "sim/line/line_traffic.h"
#include "tests/sim/line_fixture.h"

static struct bench b;
static struct unit *meter;

static int open_bench(void **state)
{
    (void)state;
    bench_open(&b, 19200, HAL_PARITY_NONE, LINE_ECHO_NONE);
    meter = bench_meter(&b, 7, 19200, 0);
    return 0;
}

static int close_bench(void **state)
{
    (void)state;
    bench_close(&b);
    return 0;
}

static void set(enum fault_id fault, double value)
{
    unit_set_fault(meter, fault, -1, value);
}

static enum line_result read_one(void)
{
    return bench_read(&b, 7, 129, 1);
}

static void each_fault_shows_as_itself(void **state)
{
    static const struct {
        enum fault_id fault;
        double value;
        enum line_result result;
    } rows[] = {
        { FAULT_BUS_ANSWER_LOST, 1, LINE_TIMEOUT },
        { FAULT_BUS_ANSWER_LATE, 0.7, LINE_TIMEOUT },
        { FAULT_BUS_TRUNCATED, 2, LINE_BAD_CRC },
        { FAULT_BUS_TRUNCATED, 3, LINE_TIMEOUT }, /* four bytes are no frame */
        { FAULT_BUS_TRUNCATED, 256, LINE_TIMEOUT },
        { FAULT_BUS_EXTRA_BYTES, 1, LINE_BAD_CRC },
        { FAULT_BUS_BAD_CRC, 1, LINE_BAD_CRC },
        { FAULT_BUS_WRONG_ID, 5, LINE_WRONG_ID },
        { FAULT_BUS_WRONG_ID, -3, LINE_WRONG_ID },
        { FAULT_BUS_EXCEPTION, 6, LINE_ANSWERED },
        { FAULT_BUS_SILENCE, 1, LINE_TIMEOUT },
        { FAULT_BUS_WRONG_BAUD, 9600, LINE_TIMEOUT },
        { FAULT_BUS_WRONG_PARITY, 2, LINE_TIMEOUT },
        { FAULT_BUS_SWAPPED, 1, LINE_TIMEOUT },
        { FAULT_BUS_DRIVER_STUCK, 1, LINE_TIMEOUT },
        { FAULT_BUS_ECHO, 1, LINE_ANSWERED }, /* the firmware ignores its echo */
    };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        set(rows[k].fault, rows[k].value);
        enum line_result result = read_one();
        if (result != rows[k].result)
            fail_msg("%s: %s, expected %s", fault_table[rows[k].fault].name,
                     line_result_name(result), line_result_name(rows[k].result));
        if (rows[k].fault == FAULT_BUS_EXCEPTION)
            assert_int_equal(b.x.answer[2], 6);
        set(rows[k].fault, fault_table[rows[k].fault].neutral);
        bench_wait(&b, 1000000000);
        assert_int_equal(read_one(), LINE_ANSWERED);
        assert_int_equal(bench_value(&b), 40);
    }
}

static void one_in_n_answers_is_hit(void **state)
{
    int hits = 0;

    (void)state;
    set(FAULT_BUS_BAD_CRC, 1);
    set(FAULT_BUS_ONE_IN, 4);
    for (int n = 1; n <= 40; n++) {
        enum line_result result = read_one();
        assert_int_equal(result, n % 4 ? LINE_ANSWERED : LINE_BAD_CRC);
        hits += result != LINE_ANSWERED;
    }
    assert_int_equal(hits, 10);
}

/* A lost answer is no lost request. */
static void what_is_not_answered_is_obeyed(void **state)
{
    (void)state;
    set(FAULT_BUS_ANSWER_LOST, 1);
    assert_int_equal(bench_write(&b, 7, 141, 33), LINE_TIMEOUT);
    assert_int_equal(unit_setting(meter, SETTING_PLOSS_VOLT), 33);
    set(FAULT_BUS_ANSWER_LOST, 0);
    set(FAULT_BUS_SILENCE, 1);
    assert_int_equal(bench_write(&b, 7, 141, 44), LINE_TIMEOUT);
    assert_int_equal(unit_setting(meter, SETTING_PLOSS_VOLT), 33);
}

static void a_late_answer_comes_when_it_says(void **state)
{
    (void)state;
    assert_int_equal(read_one(), LINE_ANSWERED);
    int64_t usual_ns = b.x.answer_start_ns - b.x.request_end_ns;
    set(FAULT_BUS_ANSWER_LATE, 0.123);
    assert_int_equal(read_one(), LINE_ANSWERED);
    assert_true(ABS(b.x.answer_start_ns - b.x.request_end_ns - usual_ns - 123000000) <=
                1000);
}

static void noise_at_the_meter_follows_its_seed(void **state)
{
    int good[2] = { 0, 0 };

    (void)state;
    for (int turn = 0; turn < 2; turn++) {
        close_bench(NULL);
        open_bench(NULL);
        set(FAULT_BUS_NOISE, 1);
        for (int n = 0; n < 400; n++) {
            enum line_result result = read_one();
            assert_true(result == LINE_ANSWERED || result == LINE_TIMEOUT);
            good[turn] += result == LINE_ANSWERED;
        }
    }
    /* 0.99^64 = 52.6 % of requests are whole; 400 of them: ±3 standard deviations */
    assert_in_range(good[0], 180, 241);
    assert_int_equal(good[0], good[1]);
}

static void noise_on_the_wire_damages_and_passes(void **state)
{
    struct line_counters c;
    int count[LINE_RESULTS] = { 0 };

    (void)state;
    line_set_noise(b.line, 20, 60000);
    for (int n = 0; n < 400; n++) {
        enum line_result result = read_one();
        count[result]++;
        if (result == LINE_ANSWERED)
            assert_int_equal(bench_value(&b), 40); /* never a wrong value */
    }
    line_counters(b.line, &c);
    double seconds = (double)sim_now(b.sim) / 1e9;
    assert_true(fabs((double)c.pulses / seconds / 20 - 1) < 0.15);
    assert_true(count[LINE_ANSWERED] > 150 && count[LINE_ANSWERED] < 390);
    line_set_noise(b.line, 0, 0);
    bench_wait(&b, 100000000);
    for (int n = 0; n < 20; n++)
        assert_int_equal(read_one(), LINE_ANSWERED);
}

/* A pulse shorter than half a bit is no start bit; a longer one is a byte to all. */
static void a_pulse_of_noise_is_a_byte(void **state)
{
    const struct rtu *r = &device_core_meter(meter->device)->rtu;

    (void)state;
    for (int width_us = 8; width_us <= 64; width_us += 56) {
        assert_int_equal(read_one(), LINE_ANSWERED);
        bench_wait(&b, 10000000);
        assert_true(r->length == 0 && !r->broken);
        line_set_noise(b.line, 1e6, width_us * 1000); /* one within 2 µs */
        bench_wait(&b, 2000);
        line_set_noise(b.line, 0, 0);
        bench_wait(&b, 600000); /* a character is 521 µs */
        assert_int_equal(r->length, width_us > 26);
    }
}

static void a_master_that_hears_itself(void **state)
{
    (void)state;
    line_master_set(b.master, &(struct line_master_options){ .baud = 19200,
                                                             .echo = LINE_ECHO_HEARD });
    assert_int_equal(read_one(), LINE_ECHO);
    bench_wait(&b, 100000000);
    assert_int_equal(bench_write(&b, 9, 141, 33), LINE_ANSWERED); /* of nobody */
    line_master_set(b.master, &(struct line_master_options){
                                  .baud = 19200, .echo = LINE_ECHO_REMOVED });
    bench_wait(&b, 100000000);
    assert_int_equal(read_one(), LINE_ANSWERED);
    assert_int_equal(bench_write(&b, 9, 141, 33), LINE_TIMEOUT);
}

static void polls_between_the_frames_of_others(void **state)
{
    struct line_counters c;

    (void)state;
    line_set_foreign(b.line, 20000000, false);
    for (int n = 0; n < 200; n++) {
        assert_int_equal(read_one(), LINE_ANSWERED);
        bench_wait(&b, 30000000);
    }
    line_counters(b.line, &c);
    assert_int_equal(c.collisions, 0);
    assert_true(c.foreign > 100);
    assert_int_equal(meter->hal.frames_sent, 200);
    line_set_foreign(b.line, 20000000, true);
    int bad = 0;
    for (int n = 0; n < 200; n++) {
        bad += read_one() != LINE_ANSWERED;
        bench_wait(&b, 30000000);
    }
    line_counters(b.line, &c);
    assert_true(c.collisions > 10);
    assert_in_range(bad, 10, 190);
}

/* The listener gets every transmission once, in the order in which they end. */
static void the_listener_hears_all(void **state)
{
    (void)state;
    line_set_foreign(b.line, 20000000, false);
    for (int n = 0; n < 50; n++) {
        read_one();
        bench_wait(&b, 20000000);
    }
    int ours = 0;
    for (int k = 0; k < b.count; k++) {
        const struct recorded *r = &b.recorded[k];
        assert_int_equal(r->end_ns - r->start_ns,
                         (int64_t)r->size * 10 * 1000000000 / 19200);
        assert_true(k == 0 || r->start_ns >= b.recorded[k - 1].end_ns);
        if (!strcmp(r->name, "meter")) {
            const uint8_t answer[] = { 7, 3, 2, 0, 40 };
            assert_memory_equal(r->byte, answer, sizeof answer);
            ours++;
        }
    }
    assert_int_equal(ours, 50);
    assert_true(b.count > 110);
}

static void the_gateway_passes_on_what_it_can(void **state)
{
    struct bus bus = { .sim = b.sim, .first = 0, .count = 1 };
    const uint8_t request[5] = { 3, 0, 129, 0, 1 };
    uint8_t answer[GATEWAY_PDU_MAX];

    (void)state;
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 4);
    set(FAULT_BUS_BAD_CRC, 1); /* there is none on TCP */
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 4);
    set(FAULT_BUS_EXCEPTION, 4);
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 2);
    assert_memory_equal(answer, "\x83\x04", 2);
    set(FAULT_BUS_ONE_IN, 2);
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 4);
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 2);
    set(FAULT_BUS_ONE_IN, 1);
    set(FAULT_BUS_EXCEPTION, 0);
    set(FAULT_BUS_ANSWER_LOST, 1);
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 0);
    set(FAULT_BUS_ANSWER_LOST, 0);
    set(FAULT_BUS_SILENCE, 1);
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 0);
    set(FAULT_BUS_SILENCE, 0);
    assert_int_equal(bus_handle(&bus, 7, request, 5, answer), 4);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)
    const struct CMUnitTest tests[] = {
        ROW(each_fault_shows_as_itself),
        ROW(one_in_n_answers_is_hit),
        ROW(what_is_not_answered_is_obeyed),
        ROW(a_late_answer_comes_when_it_says),
        ROW(noise_at_the_meter_follows_its_seed),
        ROW(noise_on_the_wire_damages_and_passes),
        ROW(a_pulse_of_noise_is_a_byte),
        ROW(a_master_that_hears_itself),
        ROW(polls_between_the_frames_of_others),
        ROW(the_listener_hears_all),
        ROW(the_gateway_passes_on_what_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
