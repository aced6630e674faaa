/* Pulses: none lost, evenly spread, contact times, overrun; docs/decisions.md, Pulses.
 * A board ticks either at every deadline or every millisecond. */
#include "core/model.h"
#include "core/pulse.h"
#include "tests/support/check.h"
#include "tests/support/fake_board.h"

enum { MILLION = 1000000 };

static struct pulse p;
static struct settings s;
static struct config c;
static struct hal board;
static bool overrun; /* in any second */
static uint64_t now_us, least_gap_us, greatest_gap_us, last_us;
static uint32_t seen;

static void start(uint16_t type, uint16_t ct, uint16_t volts, uint16_t wh)
{
    memset(&p, 0, sizeof p);
    fake_board_start(&board);
    config_defaults(&s, &model_s4100);
    s.value[SETTING_SYSTEM_TYPE] = type;
    s.value[SETTING_CT_PRIMARY] = ct;
    s.value[SETTING_SYSTEM_VOLTAGE] = volts;
    s.value[SETTING_PULSE_ENERGY] = wh;
    config_derive(&c, &s);
    now_us = greatest_gap_us = last_us = 0;
    least_gap_us = UINT64_MAX;
    seen = 0;
    overrun = false;
}

static void note_closures(void)
{
    if (board.closures == seen)
        return;
    if (seen) {
        uint64_t gap = now_us - last_us;
        least_gap_us = gap < least_gap_us ? gap : least_gap_us;
        greatest_gap_us = gap > greatest_gap_us ? gap : greatest_gap_us;
    }
    assert_int_equal(board.closures, seen + 1);
    seen = board.closures;
    last_us = now_us;
}

static void run_to(uint64_t to_us)
{
    while (now_us < to_us) {
        uint64_t next = pulse_deadline(&p);
        next = next > now_us ? next : now_us;
        now_us = next < to_us ? next : to_us;
        board.now_us = now_us;
        pulse_run(&p, &board, &c, now_us);
        note_closures();
    }
}

static void end_second(uint64_t import_uj, uint64_t export_uj)
{
    const uint64_t uj[PULSE_CHANNELS] = { import_uj, export_uj };

    overrun |=
        pulse_second(&p, &s, &c, now_us, uj, (int64_t)import_uj - (int64_t)export_uj);
}

/* Seconds of constant power, W; the energy of a second arrives at its end. */
static void seconds(int count, double import_w, double export_w)
{
    while (count--) {
        run_to(now_us + MILLION);
        end_second((uint64_t)llrint(import_w * 1e6), (uint64_t)llrint(export_w * 1e6));
    }
}

/* Lets everything that is due or queued come out. */
static void drain(void)
{
    seconds(2, 0, 0);
    while (p.queued || p.closed)
        seconds(1, 0, 0);
}

static void an_hour_counts_every_weight(void **state)
{
    static const double watts[] = { 103920, 60000, 3600, 999.9, 70000.123 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(watts); k++) {
        start(40, 100, 600, 100);
        seconds(3600, watts[k], watts[k] / 3);
        drain();
        assert_int_equal(p.channel[0].count, floor(watts[k] / 100 + 1e-9));
        assert_int_equal(p.channel[1].count, floor(watts[k] / 300 + 1e-9));
        assert_int_equal(board.closures, p.channel[0].count);
    }
}

static void random_energy_is_never_lost(void **state)
{
    struct random dice = { 16 };
    u128 import = 0, export = 0;

    (void)state;
    start(40, 100, 600, 10);
    for (int n = 0; n < 5000; n++) {
        uint64_t a = random_length(&dice) % 103920000000,
                 b = random_bits(&dice) % 99999999999;
        import += a;
        export += b;
        run_to(now_us + MILLION);
        end_second(a, b);
    }
    drain();
    assert_int_equal(p.channel[0].count, (uint64_t)(import / 36000000000));
    assert_int_equal(p.channel[1].count, (uint64_t)(export / 36000000000));
    assert_int_equal(board.closures, p.channel[0].count);
}

static void check_spread(double watts, uint16_t wh)
{
    double gap_us = wh * 3600e6 / watts;

    start(40, 100, 600, wh);
    seconds(300, watts, 0);
    assert_true(seen > 3);
    assert_near(least_gap_us, gap_us, 3);
    assert_near(greatest_gap_us, gap_us, 3);
}

/* At constant power all gaps are equal, slow or fast, across the ends of seconds. */
static void pulses_are_evenly_spread(void **state)
{
    (void)state;
    check_spread(103920, 10);
    check_spread(36000, 10);
    check_spread(77777.7, 10);
    check_spread(103920, 100);
    check_spread(50123.4, 100);
    check_spread(1234.5, 10);
    check_spread(103920, 1000);
}

/* Rising power: never two closures closer than the faster second allows. */
static void contact_times_are_kept(void **state)
{
    static const struct {
        uint16_t type, ct, volts, wh, ms;
    } rows[] = {
        { 10, 100, 360, 10, 500 }, { 10, 200, 360, 10, 250 }, { 10, 500, 360, 10, 100 },
        { 10, 1000, 360, 10, 50 }, { 10, 2000, 360, 10, 25 }, { 10, 5000, 360, 10, 10 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        start(rows[k].type, rows[k].ct, rows[k].volts, rows[k].wh);
        assert_int_equal(c.pulse_ms, rows[k].ms);
        double full = (double)c.max_power_uw * 1e-6, joules = 0;
        for (int n = 1; n <= 100; n++) {
            double watts = n % 7 ? full : full * n / 100;
            joules += watts;
            seconds(1, watts, 0);
        }
        drain();
        assert_int_equal(board.closures, floor(joules / 36000 + 1e-6));
        assert_true(board.least_closed_us == rows[k].ms * 1000u);
        assert_true(board.least_open_us >= rows[k].ms * 1000u);
        assert_false(overrun);
        assert_false(board.output[HAL_ENERGY_CONTACT]);
        assert_false(board.output[HAL_LED_GREEN]);
    }
}

static void overrun_fires_above_the_capacity_only(void **state)
{
    (void)state;
    start(10, 100, 360, 10); /* 500 ms: 36 kW */
    seconds(10, 36000, 0);
    assert_false(overrun);
    seconds(1, 36000.1, 0);
    assert_true(overrun);
    seconds(10, 0, 0);
    assert_true(overrun);
}

/* Above the capacity the contact runs at its limit, and gives the rest afterwards. */
static void an_overrun_loses_no_closure(void **state)
{
    (void)state;
    start(10, 100, 360, 10);
    seconds(20, 100000, 0);
    assert_true(board.closures <= 20);
    drain();
    assert_int_equal(p.channel[0].count, 55); /* 2 MJ of 36 kJ each */
    assert_int_equal(board.closures, 55);
    assert_true(board.least_open_us >= 500000 && board.least_closed_us >= 500000);
}

static void export_counts_but_closes_nothing(void **state)
{
    (void)state;
    start(40, 100, 600, 10);
    seconds(100, 0, 36000);
    drain();
    assert_int_equal(p.channel[1].count, 100);
    assert_int_equal(board.closures, 0);
}

static void clearing_the_counts_keeps_the_rest(void **state)
{
    (void)state;
    start(40, 100, 600, 100);
    seconds(15, 36000, 0); /* 1.5 pulses */
    drain();
    assert_int_equal(p.channel[0].count, 1);
    pulse_clear_counts(&p);
    assert_int_equal(p.channel[0].count, 0);
    seconds(5, 36000, 0);
    drain();
    assert_int_equal(p.channel[0].count, 1);
}

/* Command 16498 clears registers; the contact still gives what the energy asks for. */
static void clearing_the_counts_loses_no_closure(void **state)
{
    (void)state;
    start(40, 100, 600, 10);
    for (int n = 0; n < 20; n++) {
        seconds(1, 100000, 0);
        run_to(now_us + 1000);
        pulse_clear_counts(&p);
        run_to(now_us + MILLION - 1000);
        end_second(0, 0);
    }
    drain();
    assert_int_equal(board.closures, 55); /* 2 MJ of 36 kJ each */
}

/* Ticks of a millisecond, or at deadlines only: the same counts, and edges that differ
 * by less than the tick. */
static void a_millisecond_tick_is_enough(void **state)
{
    uint32_t counts[2];

    (void)state;
    for (int fine = 0; fine < 2; fine++) {
        start(40, 100, 600, 10);
        for (int n = 0; n < 60; n++) {
            if (fine)
                run_to(now_us + MILLION);
            for (int ms = 0; !fine && ms < 1000; ms++) {
                now_us += 1000;
                board.now_us = now_us;
                pulse_run(&p, &board, &c, now_us);
            }
            end_second(103920000000, 0);
        }
        counts[fine] = p.channel[0].count;
        assert_true(board.least_closed_us >= c.pulse_ms * 1000u);
        assert_true(board.least_open_us >= c.pulse_ms * 1000u);
    }
    assert_int_equal(counts[0], counts[1]);
}

/* 960 Wh wait for a pulse of 1000 Wh when it becomes one of 10 Wh: 96 pulses. They are
 * spread over the second, before and after a second that counts by the old weight. */
static void a_smaller_weight_loses_no_pulse(void **state)
{
    (void)state;
    start(40, 100, 600, 1000);
    seconds(96, 36000, 36000); /* 960 Wh */
    assert_int_equal(p.channel[0].count, 0);
    s.value[SETTING_PULSE_ENERGY] = 10;
    config_derive(&c, &s);
    seconds(1, 0, 0);
    run_to(now_us + MILLION / 2);
    assert_in_range(p.channel[0].count, 47, 48);
    drain();
    assert_int_equal(p.channel[0].count, 96);
    assert_int_equal(p.channel[1].count, 96);
    assert_int_equal(board.closures, 96);
    assert_int_equal(p.channel[0].rest_uj, 0);
}

/* The pulses of the second that is spread are those of the weight that it had. */
static void a_change_within_a_second_moves_no_pulse(void **state)
{
    static const uint16_t weights[] = { 10, 10000 };

    (void)state;
    for (size_t k = 0; k < COUNT_OF(weights); k++) {
        start(40, 100, 600, 100);
        seconds(1, 3600000, 0); /* ten pulses in the second that follows */
        run_to(now_us + 450000);
        s.value[SETTING_PULSE_ENERGY] = weights[k];
        assert_int_equal(p.channel[0].count, 4);
        run_to(now_us + 100000);
        assert_int_equal(p.channel[0].count, 5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_counts_every_weight),
        cmocka_unit_test(random_energy_is_never_lost),
        cmocka_unit_test(pulses_are_evenly_spread),
        cmocka_unit_test(contact_times_are_kept),
        cmocka_unit_test(overrun_fires_above_the_capacity_only),
        cmocka_unit_test(an_overrun_loses_no_closure),
        cmocka_unit_test(export_counts_but_closes_nothing),
        cmocka_unit_test(clearing_the_counts_keeps_the_rest),
        cmocka_unit_test(clearing_the_counts_loses_no_closure),
        cmocka_unit_test(a_millisecond_tick_is_enough),
        cmocka_unit_test(a_smaller_weight_loses_no_pulse),
        cmocka_unit_test(a_change_within_a_second_moves_no_pulse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
