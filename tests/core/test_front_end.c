/* A front end that delivers no sets: readings, alerts, contact, clock, demand, energy and
 * pulses while it is silent and when it comes back; docs/decisions.md, Silence. */
#include "core/alert.h"
#include "core/metering.h"
#include "tests/support/bench.h"

enum { S = 1000000 };

static struct bench b;
static struct bench never; /* gets the same sets, without the silences */
static bool beside;        /* `never` runs */
static struct waves w;
static uint64_t away_us; /* time without sets so far */

static int fresh(void **state)
{
    (void)state;
    away_us = 0;
    beside = false;
    bench_start(&b, 40);
    waves_set_balanced(&w, 60, 277, 50, 30, 0);
    return 0;
}

static uint64_t now_us(void)
{
    return (uint64_t)b.sets * S / HAL_SAMPLE_RATE + away_us;
}

static void tick(void)
{
    meter_tick(&b.m, now_us());
    meter_poll(&b.m);
}

/* At least one set, in pieces of up to `piece`, each with a pass of the main loop. */
static void feed(int64_t count, int piece)
{
    int32_t x[HAL_CHANNELS][BLOCK];

    while (count) {
        int n = count < piece ? (int)count : piece;
        waves_fill(&w, b.sets, n, x);
        meter_samples(&b.m, (const int32_t(*)[BLOCK])x, (uint32_t)n);
        b.sets += n;
        if (beside)
            bench_take(&never, (const int32_t(*)[BLOCK])x, n);
        tick();
        count -= n;
    }
}

/* No sets for so long: a tick at each deadline. */
static void silence(uint64_t us)
{
    const uint64_t to_us = now_us() + us;

    for (uint64_t at_us; (at_us = meter_deadline(&b.m)) < to_us;) {
        away_us += at_us - now_us();
        tick();
    }
    away_us += to_us - now_us();
    tick();
}

static bool has_reading(enum quantity q)
{
    int64_t x;

    return meter_reading(&b.m, q, &x);
}

static void no_reading_after_a_second(void **state)
{
    (void)state;
    feed(3 * HAL_SAMPLE_RATE + 1000, BLOCK);
    const uint16_t lost = 0x8000;
    const uint32_t resets = b.m.counters.power_ups;
    silence(S - 1);
    assert_true(has_reading(Q_KW_TOTAL));
    assert_int_equal(bench_read(&b, 146), 0);
    silence(1);
    for (enum quantity q = 0; q < QUANTITIES; q++)
        assert_true(has_reading(q) == (quantity_table[q].role >= ROLE_DEMAND_MAX));
    assert_int_equal(bench_read(&b, 21), lost);
    assert_int_equal(bench_read32(&b, 277), 0x7FC00000);
    assert_int_equal(bench_read(&b, 40072), lost);
    assert_int_equal(bench_read(&b, 40103), lost);
    assert_int_equal(bench_read(&b, 29), lost);
    assert_int_equal(bench_read(&b, 28), lost);
    assert_int_equal(bench_read(&b, 146), ALERT_FREQUENCY | ALERT_FAULT);
    assert_false(b.board.output[HAL_ALARM_CONTACT]);
    assert_int_equal(b.m.counters.power_ups, resets);
    const int64_t kwh = b.m.reading[Q_KWH_IMPORT];
    silence(600 * S);
    assert_int_equal(bench_read(&b, 146), ALERT_FREQUENCY | ALERT_FAULT);
    assert_true(b.m.reading[Q_KWH_IMPORT] == kwh);
    assert_int_equal(b.m.seconds, 3 + 601);
    feed(HAL_SAMPLE_RATE - 1, 1);
    assert_false(has_reading(Q_KW_TOTAL));
    feed(BLOCK, 1); /* the block that the silence cut comes first */
    assert_near(bench_reading(&b, Q_KW_TOTAL), 3 * 277 * 50 * cosl(PI / 6), 0.5L);
    assert_near(bench_reading(&b, Q_FREQ), 60, 0.001L);
    assert_int_equal(bench_read(&b, 146), 0);
    assert_true(b.board.output[HAL_ALARM_CONTACT]);
}

/* From power-up on; and while NVM is silent, too, the meter asks it each second. */
static void silent_from_power_up(void **state)
{
    (void)state;
    silence(3 * S);
    assert_int_equal(b.m.seconds, 3);
    assert_int_equal(bench_read(&b, 146), ALERT_FREQUENCY | ALERT_FAULT);
    feed(HAL_SAMPLE_RATE, 7);
    assert_true(has_reading(Q_KW_TOTAL));
    b.board.refuses = true;
    away_us = 0;
    bench_power_up(&b);
    assert_true(b.m.waiting);
    silence(2 * S);
    assert_true(b.m.waiting);
    b.board.refuses = false;
    silence(2 * S);
    assert_false(b.m.waiting);
    assert_int_equal(bench_read(&b, 146), ALERT_FREQUENCY | ALERT_FAULT);
    assert_false(b.board.output[HAL_ALARM_CONTACT]);
    feed(HAL_SAMPLE_RATE, 42);
    assert_int_equal(bench_read(&b, 146), 0);
}

static uint64_t clock_us(void)
{
    const struct clock *c = &b.m.clock;
    uint64_t minutes = ((c->day - 1) * 24u + c->hour) * 60u + c->minute;

    return (minutes * 60 + c->second) * S + b.m.front_end.part_us;
}

/* mWh, with the cycles that wait for the end of the second. */
static double import_mwh(struct meter *m)
{
    metering_accumulate_now(&m->metering, m->model, &m->energy);
    return (double)m->energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] +
           m->energy.rest_uj[ENERGY_TOTAL][ENERGY_IMPORT] / 3.6e6;
}

/* Silences at any set and of any length: at the end of each second of sets the clock is
 * the time, demand's time is the clock's, and energy is that of a meter that got the same
 * sets without silences: none is lost or counted twice. After each the wave has jumped.
 * Each silence rounds twice to a microsecond. */
static void time_and_energy_are_counted_once(void **state)
{
    struct random dice = { 8 };

    (void)state;
    bench_start(&never, 40);
    beside = true;
    bench_set(&b, 150, 0);
    for (int n = 0; n < 60; n++) {
        const int64_t count = random_range(&dice, 1, 9000);
        const int piece = (int)random_range(&dice, 1, BLOCK);
        feed(count, piece);
        silence(S + (uint64_t)random_range(&dice, 0, 3000000));
        waves_set_balanced(&w, 60, 277, 50, 30, 7 * n);
        const uint32_t before = b.m.seconds;
        while (b.m.seconds == before)
            feed(1, 1);
        assert_near((double)clock_us(), (double)now_us(), 2 * (n + 1));
        assert_near((double)b.m.demand.now.us, (double)now_us(), 2 * (n + 1));
    }
    /* A set is 4 mWh; the seconds end at other sets, and so their DC differs. */
    assert_near(import_mwh(&b.m), import_mwh(&never.m), 0.5);
}

/* The tick's seconds are in demand's time and not in its energy. */
static void demand_goes_on(void **state)
{
    (void)state;
    bench_set(&b, 150, 60);
    feed(40 * HAL_SAMPLE_RATE, BLOCK);
    silence(19 * S + S / 2);
    bench_set(&b, 130, 31); /* a change in between does no harm */
    bench_set(&b, 130, 40);
    assert_true(b.m.demand.present_uw[DEMAND_KW] == 0);
    silence(S);
    assert_true(b.m.demand.present_uw[DEMAND_KW] > 0);
    assert_int_equal(bench_read(&b, 29), 0x8000);
    feed(2 * HAL_SAMPLE_RATE, BLOCK);
    assert_near(bench_reading(&b, Q_KW_DEMAND), 3 * 277 * 50 * cosl(PI / 6) * 40 / 60,
                1);
}

/* What came before the silence is given as pulses, once. */
static void pulses_before_and_none_after(void **state)
{
    (void)state;
    bench_set(&b, 144, 10);
    feed(20 * HAL_SAMPLE_RATE + 1260, BLOCK);
    silence(30 * S);
    const uint32_t whole = (uint32_t)(b.m.reading[Q_KWH_IMPORT] / 10000);
    assert_int_equal(b.m.reading[Q_PULSE_COUNT_1], whole);
    assert_int_equal(b.board.closures, whole);
}

/* Less than a second: lost time, which is counted; nothing alarms. */
static void a_short_gap_is_counted(void **state)
{
    static const uint8_t request[] = { 0x42, 0x01 };
    uint8_t answer[METER_PDU_MAX];

    (void)state;
    feed(2 * HAL_SAMPLE_RATE, BLOCK);
    assert_int_equal(b.m.front_end.gaps, 0);
    silence(700000);
    feed(HAL_SAMPLE_RATE, BLOCK);
    silence(5000);
    feed(HAL_SAMPLE_RATE, BLOCK);
    assert_int_equal(bench_read(&b, 146), 0);
    assert_int_equal(b.m.seconds, 4);
    assert_int_equal(clock_us(), 4 * S);
    silence(2 * S);
    assert_int_equal(meter_request(&b.m, request, 2, answer), 59);
    static const uint8_t counters[] = { 0x42, 1, 56, 0, 0, 0, 2, 0, 0, 0x02,
                                        0xC1, 0, 0,  0, 2, 0, 0, 0, 0 };
    assert_memory_equal(answer, counters, sizeof counters);
    assert_int_equal(meter_request(&b.m, (const uint8_t[]){ 0x42, 3 }, 2, answer), 2);
    assert_int_equal(answer[1], 1);
    assert_int_equal(meter_request(&b.m, (const uint8_t[]){ 0x42, 1, 0 }, 3, answer),
                     2);
    assert_int_equal(answer[1], 3);
}

/* Sets come on time, and the main loop sees some of them late: nothing is lost. */
static void a_slow_pass_is_no_gap(void **state)
{
    struct random dice = { 3 };
    int32_t x[HAL_CHANNELS][BLOCK];
    uint64_t last_us = 0;

    (void)state;
    for (int n = 0; n < 1000; n++) {
        waves_fill(&w, b.sets, 6, x);
        meter_samples(&b.m, (const int32_t(*)[BLOCK])x, 6);
        b.sets += 6;
        away_us = (uint64_t)random_range(&dice, 0, 3300);
        if (now_us() < last_us)
            away_us += last_us - now_us();
        last_us = now_us();
        tick();
    }
    assert_int_equal(b.m.front_end.gaps, 0);
    assert_int_equal(b.m.seconds, 6000 / HAL_SAMPLE_RATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(no_reading_after_a_second, fresh),
        cmocka_unit_test_setup(silent_from_power_up, fresh),
        cmocka_unit_test_setup(time_and_energy_are_counted_once, fresh),
        cmocka_unit_test_setup(demand_goes_on, fresh),
        cmocka_unit_test_setup(pulses_before_and_none_after, fresh),
        cmocka_unit_test_setup(a_short_gap_is_counted, fresh),
        cmocka_unit_test_setup(a_slow_pass_is_no_gap, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
