/* What a failing supply leaves in NVM: all energy of the samples that came, wherever in a
 * block, a cycle or a second the last one lies, and a meter that goes on as if nothing had
 * been when the supply comes back. */
#include "core/unfinished.h"
#include "tests/support/bench.h"

static struct bench b, after;

static double unit(int64_t micro)
{
    return (double)micro / 1e6;
}

static double stored_wh(int owner, enum energy_kind kind)
{
    const struct energy *e = &after.m.energy;

    return (double)e->mwh[owner][kind] / 1e3 + e->rest_uj[owner][kind] / 3.6e9;
}

static void cut_power(void)
{
    after.board = b.board;
    meter_start(&after.m, &after.board, b.m.model);
}

/* 20 ms at a power, in Wh. */
static void assert_energy(double got, double power_w, double s)
{
    const double want = fabs(power_w) * s / 3600, most = fabs(power_w) * 0.02 / 3600;

    if (!(fabs(got - want) <= most))
        fail_msg("%.6f Wh, expected %.6f", got, want);
}

static void start_meter(const struct model *model, int type)
{
    fake_board_start(&b.board);
    b.sets = 0;
    meter_start(&b.m, &b.board, model);
    if (type != 40)
        bench_set(&b, 130, (uint16_t)type);
}

/* Steady power at this angle until `sets` have come. */
static void check_cut(const struct model *model, int type, double degrees, int64_t sets)
{
    struct waves w;
    const bool exports = cos(degrees * (double)PI / 180) < 0 && !model->unidirectional;

    start_meter(model, type);
    waves_set_balanced(&w, 59.3, 277, 90, degrees, 0);
    bench_feed(&b, &w, sets);
    assert_int_equal(meter_save(&b.m), 0);
    cut_power();
    const struct second *s = &b.m.second;
    const double seconds = (double)sets / HAL_SAMPLE_RATE;
    assert_energy(stored_wh(ENERGY_TOTAL, exports ? ENERGY_EXPORT : ENERGY_IMPORT),
                  unit(s->p_total), seconds);
    assert_energy(stored_wh(0, exports ? ENERGY_EXPORT : ENERGY_IMPORT), unit(s->p[0]),
                  seconds);
    assert_energy(stored_wh(ENERGY_TOTAL, exports ? ENERGY_S_EXPORT : ENERGY_S_IMPORT),
                  unit((int64_t)s->s_total), seconds);
    double vars = 0;
    for (int q = ENERGY_Q1; q <= ENERGY_Q4; q++)
        vars += stored_wh(ENERGY_TOTAL, (enum energy_kind)q);
    assert_energy(vars, unit(s->q_total), seconds);
}

static void at_most_20_ms_are_lost(void **state)
{
    static const int types[] = { 40, 31, 12, 11, 10 };
    struct random dice = { 3 };

    (void)state;
    for (int n = 0; n < 40; n++) {
        const int type = types[n % 5];
        const double degrees = random_range(&dice, 0, 359);
        if (fabs(cos(degrees * (double)PI / 180)) < 0.2)
            continue; /* the S4000-R counts magnitudes of ripples there */
        check_cut(n % 2 ? &model_s4100 : &model_s4000r, n % 2 ? type : 40, degrees,
                  random_range(&dice, 2 * HAL_SAMPLE_RATE, 5 * HAL_SAMPLE_RATE));
    }
}

/* The voltage went with the supply: nothing is made up for what was not there. */
static void what_is_dead_counts_nothing(void **state)
{
    struct waves w, none;

    (void)state;
    start_meter(&model_s4100, 40);
    waves_set_balanced(&w, 60, 277, 90, 30, 0);
    waves_set_balanced(&none, 60, 0, 90, 30, 0);
    bench_feed(&b, &w, 3 * HAL_SAMPLE_RATE + 500);
    const double seconds = 3 + 500.0 / HAL_SAMPLE_RATE;
    const double watts = unit(b.m.second.p_total), vars = unit(b.m.second.q_total);
    bench_feed(&b, &none, 200);
    assert_int_equal(meter_save(&b.m), 0);
    cut_power();
    assert_energy(stored_wh(ENERGY_TOTAL, ENERGY_IMPORT), watts, seconds);
    assert_energy(stored_wh(ENERGY_TOTAL, ENERGY_Q1), vars, seconds);
}

/* Energy that is stored and energy that pulses wait for are one. */
static void pulses_follow(void **state)
{
    struct waves w;

    (void)state;
    start_meter(&model_s4100, 40);
    bench_set(&b, 144, 10);
    waves_set_balanced(&w, 60, 277, 90, 0, 0);
    bench_feed(&b, &w, 4 * HAL_SAMPLE_RATE + 1111);
    assert_int_equal(meter_save(&b.m), 0);
    cut_power();
    const struct pulse_channel *c = &after.m.pulse.channel[0];
    const double wh = c->count * 10.0 + (double)c->rest_uj / 3.6e9;
    assert_true(fabs(wh - stored_wh(ENERGY_TOTAL, ENERGY_IMPORT)) < 1e-5);
}

/* While the supply fails energies are stored every 10 ms; when it comes back in time the
 * meter is what it would have been. */
static void a_dip_leaves_no_trace(void **state)
{
    static struct bench steady;
    struct waves w;

    (void)state;
    start_meter(&model_s4100, 40);
    waves_set_balanced(&w, 60, 277, 90, 40, 0);
    bench_feed(&b, &w, 3 * HAL_SAMPLE_RATE + 700);
    steady = b;
    steady.m.hal = &steady.board;
    uint32_t writes = b.board.writes;
    meter_supply(&b.m, false);
    assert_true(b.board.writes > writes);
    for (int n = 0; n < 21; n++) { /* 100 ms */
        writes = b.board.writes;
        bench_feed(&b, &w, 12);
        bench_feed(&steady, &w, 12);
        assert_true(meter_deadline(&b.m) <= b.m.now_us + 10000);
        if (n % 3 == 2)
            assert_true(b.board.writes > writes);
    }
    cut_power();
    assert_energy(stored_wh(ENERGY_TOTAL, ENERGY_IMPORT), unit(b.m.second.p_total),
                  (double)(3 * HAL_SAMPLE_RATE + 700 + 252) / HAL_SAMPLE_RATE);
    meter_supply(&b.m, true);
    writes = b.board.writes;
    bench_feed(&b, &w, 200);
    assert_true(b.board.writes == writes);
    bench_feed(&steady, &w, 200);
    bench_feed(&b, &w, HAL_SAMPLE_RATE);
    bench_feed(&steady, &w, HAL_SAMPLE_RATE);
    assert_memory_equal(&b.m.energy, &steady.m.energy, sizeof b.m.energy);
    assert_memory_equal(&b.m.metering, &steady.m.metering, sizeof b.m.metering);
    assert_memory_equal(&b.m.pulse, &steady.m.pulse, sizeof b.m.pulse);
}

/* The end of a second stores no less than the save before it. */
static void what_is_saved_is_not_taken_back(void **state)
{
    struct waves w;
    double stored = 0;

    (void)state;
    start_meter(&model_s4100, 40);
    waves_set_balanced(&w, 60, 277, 90, 40, 0);
    bench_feed(&b, &w, 4 * HAL_SAMPLE_RATE - 130);
    const uint32_t seconds = b.m.seconds;
    meter_supply(&b.m, false);
    for (int n = 0; n < 84; n++) {
        bench_feed(&b, &w, 3);
        cut_power();
        const double now = stored_wh(ENERGY_TOTAL, ENERGY_IMPORT);
        assert_true(now >= stored);
        stored = now;
    }
    assert_int_equal(b.m.seconds, seconds + 1);
}

/* A meter whose NVM was silent does not know what it holds, and writes nothing. */
static void a_waiting_meter_stores_nothing(void **state)
{
    (void)state;
    fake_board_start(&b.board);
    b.board.refuses = true;
    meter_start(&b.m, &b.board, &model_s4100);
    b.board.refuses = false;
    const uint32_t writes = b.board.writes;
    assert_int_equal(meter_save(&b.m), -1);
    assert_true(b.board.writes == writes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_most_20_ms_are_lost),
        cmocka_unit_test(what_is_dead_counts_nothing),
        cmocka_unit_test(pulses_follow),
        cmocka_unit_test(a_dip_leaves_no_trace),
        cmocka_unit_test(what_is_saved_is_not_taken_back),
        cmocka_unit_test(a_waiting_meter_stores_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
