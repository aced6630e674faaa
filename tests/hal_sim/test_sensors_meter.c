/* Faults of the meter itself, through the whole chain: noise, stuck bits, lost and
 * doubled sample sets, clock, supply; and the same words for any cut of time with all
 * that has a state switched on. */
#include "core/alert.h"
#include "hal_sim/device_core.h"
#include "tests/hal_sim/sensor_fixture.h"

struct counter {
    int64_t sets;
    uint64_t hash;
};

/* Sample sets delivered, and a hash over their words in order of time. */
static void count_samples(void *user, const struct tape_record *record)
{
    struct counter *c = user;
    const int n = record->size / 24;
    int32_t code;

    if (record->kind != TAPE_SAMPLES)
        return;
    for (int t = 0; t < n; t++)
        for (int ch = 0; ch < 6; ch++) {
            memcpy(&code, record->data + 4 * (ch * n + t), 4);
            c->hash = (c->hash ^ (uint32_t)code) * UINT64_C(1099511628211);
        }
    c->sets += n;
}

static double energy_wh(const struct unit *u)
{
    const struct energy *e = &device_core_meter(u->device)->energy;
    return (double)e->mwh[ENERGY_TOTAL][ENERGY_IMPORT] / 1e3 +
           (double)e->rest_uj[ENERGY_TOTAL][ENERGY_IMPORT] / 3.6e9;
}

/* 60 s of load, then none: sets delivered, energy, and the frequency before the end. */
static void run_minute(enum fault_id fault, double value, int64_t *sets, double *wh,
                       double *hz)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);
    struct counter counter = { 0, 1 };

    u->hal.sink = count_samples;
    u->hal.sink_user = &counter;
    unit_set_fault(u, fault, -1, value);
    *hz = rig_read(u, 60).hz;
    *sets = counter.sets;
    rig_world(u, 60, 0, 0);
    unit_advance(u, u->now_ns + 3 * SECOND_NS);
    *wh = energy_wh(u);
    unit_free(u);
}

static void lost_and_doubled_sample_sets(void **state)
{
    static const struct {
        enum fault_id fault;
        double n, share; /* of the sets that reach the core */
    } rows[] = {
        { FAULT_ADC_LOST, 0, 1 },         { FAULT_ADC_LOST, 1000, 0.999 },
        { FAULT_ADC_LOST, 100, 0.99 },    { FAULT_ADC_DOUBLED, 1000, 1.001 },
        { FAULT_ADC_DOUBLED, 100, 1.01 },
    };
    const double sound_wh = 3 * rig_volts * rig_amps / 60;

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        int64_t sets;
        double wh, hz;
        run_minute(rows[k].fault, rows[k].n, &sets, &wh, &hz);
        assert_int_equal(sets, lround(2520 * 60 * rows[k].share));
        assert_near(wh / sound_wh, rows[k].share, 1e-4);
        /* a second holds a jump more or less: 1/2520 of 60 Hz */
        assert_near(hz, 60 / rows[k].share, rows[k].n > 0 ? 60 / 2520.0 : 1e-4);
    }
}

/* All lost: nothing is metered, seconds end by the tick. All doubled: twice the sets, and
 * no block is missed. */
static void the_extremes(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);
    int64_t sets, reading;
    double wh, hz;

    (void)state;
    unit_set_fault(u, FAULT_ADC_LOST, -1, 1);
    unit_advance(u, 5 * SECOND_NS);
    assert_int_equal(unit_seconds(u), 5);
    assert_int_equal(unit_alerts(u), ALERT_FREQUENCY | ALERT_FAULT);
    assert_false(unit_reading(u, Q_KW_TOTAL, &reading));
    unit_free(u);
    run_minute(FAULT_ADC_DOUBLED, 1, &sets, &wh, &hz);
    assert_int_equal(sets, 2 * 2520 * 60);
    assert_near(wh / (3 * rig_volts * rig_amps / 60), 2, 1e-3);
}

static void clock_error(void **state)
{
    int64_t sets;
    double wh, hz;

    (void)state;
    run_minute(FAULT_CLOCK_ERROR, 5000, &sets, &wh, &hz);
    assert_int_equal(sets, 151956);
    assert_near(hz, 60 / 1.005, 1e-4);
    assert_near(wh / (3 * rig_volts * rig_amps / 60), 1.005, 1e-4);
}

/* Noise adds in squares: to 50 A of 100 A rated, 1.7 A of it. */
static void noise(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);
    const double a_per_code = 1.7 * rig_rated / 8388608;

    (void)state;
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 83886.08); /* 1.7 A, 5.889 V */
    struct readings r = rig_read(u, 4);
    assert_near(r.i[0], hypot(rig_amps, 83886.08 * a_per_code), 0.1);
    assert_near(r.p[0] / rig_power(0), 1, 4e-3);
    rig_world(u, 60, 0, 0);
    r = rig_read(u, 3);
    assert_near(r.i[1], 1.7, 0.1);
    unit_free(u);
}

/* Bit 23 at one adds half of full scale where it was zero: 85 A of 170. */
static void stuck_bit(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);

    (void)state;
    unit_set_fault(u, FAULT_ADC_STUCK_I, 0, 23);
    struct readings r = rig_read(u, 3);
    /* positive half: i + 85 A; negative half (two's complement, bit is one): i */
    double mean = 42.5, square = 2500 + (2 * 85 * rig_amps * sqrt(2) / RAD_PI + 3612.5);
    assert_near(r.i[0], sqrt(square - mean * mean), 2);
    assert_near(r.i[1], rig_amps, 1e-3);
    unit_free(u);
}

/* 100 ms are ridden through; a nanosecond more is not. */
static void supply(void **state)
{
    static const struct {
        int64_t ns;
        uint32_t power_ups;
    } rows[] = {
        { 99000000, 1 },
        { 100000000, 1 },
        { 100000001, 2 },
        { 101000000, 2 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        struct unit *u = rig_new(&model_s4100, 40, 60, 0);
        unit_advance(u, 2 * SECOND_NS + 123456);
        unit_set_fault(u, FAULT_SUPPLY_LOSS, -1, 1);
        unit_set_fault(u, FAULT_SUPPLY_LOSS, -1, 1); /* said again: the time goes on */
        unit_advance(u, u->now_ns + rows[k].ns);
        assert_int_equal(u->powered, rows[k].power_ups == 1);
        unit_set_fault(u, FAULT_SUPPLY_LOSS, -1, 0);
        assert_true(u->powered);
        assert_int_equal(device_core_meter(u->device)->counters.power_ups,
                         rows[k].power_ups);
        assert_near(rig_read(u, 3).v[0], rig_volts, 3e-3);
        unit_free(u);
    }
}

/* What keeps something from sample to sample, all at once. */
static const struct {
    enum fault_id fault;
    int phase;
    double value;
} with_state[] = {
    { FAULT_ADC_NOISE, -1, 500 },    { FAULT_CT_PHASE_ERROR, -1, 30 },
    { FAULT_CT_SATURATION, 0, 0.3 }, { FAULT_CT_DC, 0, 2 },
    { FAULT_CT_CLASS, 0, 1 },        { FAULT_CT_CLASS, 1, -0.5 },
    { FAULT_ADC_STUCK_V, 2, 5 },     { FAULT_SKEW_I, -1, 7 },
    { FAULT_ADC_LOST, -1, 77 },      { FAULT_ADC_DOUBLED, -1, 101 },
};

/* 2 s in one piece or in random ones: a hash over what reached the meter. */
static struct counter run_cut(const struct model *model, enum fault_id fault, bool cut,
                              struct random *dice)
{
    struct counter counter = { 0, 1 };
    struct unit *u = rig_new(model, 40, 61.3, 20);

    u->hal.sink = count_samples;
    u->hal.sink_user = &counter;
    for (int n = 0; n < (int)(sizeof with_state / sizeof *with_state); n++)
        unit_set_fault(u, with_state[n].fault, with_state[n].phase,
                       with_state[n].value);
    if (fault_table[fault].family != FAULT_FAMILY_BUS)
        unit_set_fault(u, fault, fault_table[fault].per_phase ? 1 : -1,
                       fault_table[fault].usual);
    while (u->now_ns < 2 * SECOND_NS) {
        int64_t to = u->now_ns + random_range(dice, 1, 40000000);
        unit_advance(u, cut && to < 2 * SECOND_NS ? to : 2 * SECOND_NS);
    }
    unit_free(u);
    return counter;
}

/* Every fault by itself, beside those that have a state; a fault that keeps something
 * from sample to sample keeps it in the sensors, with random numbers of its own. */
static void any_cuts_give_the_same_words(void **state)
{
    static const struct model *const models[] = { &model_s4100, &model_s4000r };
    struct random dice = { 8 };

    (void)state;
    for (int k = 0; k < 2; k++)
        for (int f = 0; f < FAULTS; f++) {
            struct counter whole = run_cut(models[k], (enum fault_id)f, false, &dice),
                           pieces = run_cut(models[k], (enum fault_id)f, true, &dice);
            if (whole.sets != pieces.sets || whole.hash != pieces.hash)
                fail_msg("%s on the %s: what the meter samples depends on how time is "
                         "cut into calls",
                         fault_table[f].name, models[k]->name);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost_and_doubled_sample_sets),
        cmocka_unit_test(the_extremes),
        cmocka_unit_test(clock_error),
        cmocka_unit_test(noise),
        cmocka_unit_test(stuck_bit),
        cmocka_unit_test(supply),
        cmocka_unit_test(any_cuts_give_the_same_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
