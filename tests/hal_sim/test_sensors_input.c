/* Faults of the voltage inputs, PTs, delays and gains against closed form, through the
 * whole chain. */
#include "tests/hal_sim/sensor_fixture.h"

static const double close_to = 1e-5;

/* One fault on phase A (or on all): V, I, P of A as shares of the sound ones. */
static void check(const struct model *model, double hz, enum fault_id fault,
                  double value, double v, double i, double p)
{
    struct unit *u = rig_new(model, 40, hz, 60);

    unit_set_fault(u, fault, fault_table[fault].per_phase ? 0 : -1, value);
    struct readings r = rig_read(u, 3);
    assert_near(r.v[0] / rig_volts, v, close_to);
    assert_near(r.i[0] / rig_amps, i, 2 * close_to);
    assert_near(r.p[0] / rig_power(60), p, 2 * close_to);
    if (fault_table[fault].per_phase) {
        assert_near(r.v[1] / rig_volts, 1, close_to);
        assert_near(r.p[2] / rig_power(60), 1, 2 * close_to);
    }
    unit_free(u);
}

static double lagging(double lead_of_v)
{
    return cos(RADIANS(60) + lead_of_v) / cos(RADIANS(60));
}

static void ratio_and_gain(void **state)
{
    (void)state;
    check(&model_s4100, 60, FAULT_PT_RATIO_ERROR, 1, 1.01, 1, 1.01);
    check(&model_s4100, 60, FAULT_PT_REVERSED, 1, 1, 1, -1);
    check(&model_s4100, 60, FAULT_PT_SWAPPED, 3, 1, 1, lagging(RADIANS(120)));
    check(&model_s4100, 60, FAULT_ADC_GAIN_V, -2, 0.98, 1, 0.98);
    check(&model_s4100, 60, FAULT_ADC_GAIN_I, -2, 1, 0.98, 0.98);
}

/* A lead falls as 1/f, a lag grows with f. */
static void pt_phase(void **state)
{
    static const double hz[] = { 50, 60, 65 };

    (void)state;
    for (unsigned n = 0; n < COUNT_OF(hz); n++) {
        double x = tan(RADIANS(40 / 60.0));
        double lead = atan(x * 60 / hz[n]), lag = atan(x * hz[n] / 60);
        check(&model_s4100, hz[n], FAULT_PT_PHASE_ERROR, 40, cos(lead), 1,
              cos(lead) * lagging(lead));
        check(&model_s4100, hz[n], FAULT_PT_PHASE_ERROR, -40, cos(lag), 1,
              cos(lag) * lagging(-lag));
    }
}

static void skew(void **state)
{
    static const double us[] = { 5, -5, 400 };

    (void)state;
    for (unsigned n = 0; n < COUNT_OF(us); n++) {
        double late = 2 * RAD_PI * 60 * us[n] * 1e-6;
        check(&model_s4100, 60, FAULT_SKEW_V, us[n], 1, 1, lagging(-late));
        check(&model_s4100, 60, FAULT_SKEW_I, us[n], 1, 1, lagging(late));
    }
}

static void temperature(void **state)
{
    (void)state;
    check(&model_s4100, 60, FAULT_TEMPERATURE, 40, 1.00075, 1.00075, 1.00075 * 1.00075);
    check(&model_s4100, 60, FAULT_TEMPERATURE, -25, 0.9975, 0.9975, 0.9975 * 0.9975);
    check(&model_s4000r, 60, FAULT_TEMPERATURE, 40, 1.00225, 1.00225,
          1.00225 * 1.00225);
}

static void antialias(void **state)
{
    double size = 1 / sqrt(1 + pow(60 / 400.0, 2));

    (void)state;
    /* a healthy one is part of the reading: 60 Hz against 40 kHz is 1.1e-6 */
    check(&model_s4100, 60, FAULT_ANTIALIAS, 400, size, size, size * size);
}

static void blown_fuse_with_a_neutral(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 30);

    (void)state;
    unit_set_fault(u, FAULT_PT_FUSE, 1, 1);
    struct readings r = rig_read(u, 3);
    assert_near(r.v[1], 0, 1e-3);
    assert_near(r.p[1], 0, 1e-2);
    assert_near(r.v[0], rig_volts, 3e-3);
    assert_near(r.vll[0], rig_volts, 3e-3); /* A against N */
    assert_near(r.vll[2], rig_volts * sqrt(3), 5e-3);
    unit_free(u);
}

/* A dead input sits at the star point of the other two, halfway between B and C. */
static void blown_fuse_in_a_delta(void **state)
{
    struct unit *u = rig_new(&model_s4100, 31, 60, 30);
    const double line = rig_volts * sqrt(3);

    (void)state;
    struct readings r = rig_read(u, 3);
    assert_near(r.v[0], rig_volts, 3e-3);
    unit_set_fault(u, FAULT_PT_FUSE, 0, 1);
    r = rig_read(u, 3);
    assert_near(r.v[0], 0, 1e-3);
    assert_near(r.v[1], line / 2, 5e-3);
    assert_near(r.v[2], line / 2, 5e-3);
    assert_near(r.vll[0], line / 2, 5e-3);
    assert_near(r.vll[1], line, 5e-3);
    assert_near(r.vll[2], line / 2, 5e-3);
    /* (VB − VC)/2 leads VB by 30° */
    assert_near(r.p[1], line / 2 * rig_amps * cos(RADIANS(60)), 0.5);
    unit_set_fault(u, FAULT_PT_FUSE, 1, 1);
    r = rig_read(u, 3);
    for (int k = 0; k < 3; k++)
        assert_near(r.v[k] + r.vll[k], 0, 1e-3); /* all hang on C alone */
    unit_free(u);
}

/* With unequal voltages N goes to their mean: A 277, B and C 200 V: 25.67 V off. */
static void open_neutral(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);
    struct waveform_grid grid = waveform_grid(u->world);
    const double mean = (277 - 200) / 3.0;

    (void)state;
    grid.volts[1] = grid.volts[2] = 200;
    waveform_set_grid(u->world, &grid);
    unit_set_fault(u, FAULT_NEUTRAL_OPEN, -1, 1);
    struct readings r = rig_read(u, 3);
    assert_near(r.v[0], 277 - mean, 3e-3);
    for (int k = 1; k < 3; k++)
        assert_near(r.v[k], hypot(-100 - mean, 100 * sqrt(3)), 3e-3);
    assert_near(r.vll[1], 200 * sqrt(3), 5e-3);
    unit_set_fault(u, FAULT_NEUTRAL_OPEN, -1, 0);
    assert_near(rig_read(u, 3).v[0], 277, 3e-3);
    unit_free(u);
}

static void open_neutral_of_a_lone_input(void **state)
{
    struct unit *u = rig_new(&model_s4100, 10, 60, 0);

    (void)state;
    assert_near(rig_read(u, 3).v[0], rig_volts, 3e-3);
    unit_set_fault(u, FAULT_NEUTRAL_OPEN, -1, 1);
    assert_near(rig_read(u, 3).v[0], 0, 1e-3);
    unit_free(u);
}

/* 50 A is the rms of 70.7 A peak; clipped at 40 % of 100 A rated, at 56.6 A peak. */
static void early_clipping(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 0);
    const double a = asin(0.8); /* clipped between a and π − a */
    const double square =
        2 / RAD_PI * ((a - sin(a) * cos(a)) / 2 + 0.64 * (RAD_PI / 2 - a));

    (void)state;
    unit_set_fault(u, FAULT_CLIP_I, 2, 40);
    unit_set_fault(u, FAULT_CLIP_V, 1, 0.8 * 277 / 347 * 100);
    struct readings r = rig_read(u, 3);
    /* the corners alias: 42 samples a cycle see the mean square to 1e-3 */
    assert_near(r.i[2] / (rig_amps * sqrt(2 * square)), 1, 1.5e-3);
    assert_near(r.v[1] / (rig_volts * sqrt(2 * square)), 1, 1.5e-3);
    assert_near(r.i[0], rig_amps, 1e-3);
    assert_near(r.v[0], rig_volts, 3e-3);
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratio_and_gain),
        cmocka_unit_test(pt_phase),
        cmocka_unit_test(skew),
        cmocka_unit_test(temperature),
        cmocka_unit_test(antialias),
        cmocka_unit_test(blown_fuse_with_a_neutral),
        cmocka_unit_test(blown_fuse_in_a_delta),
        cmocka_unit_test(open_neutral),
        cmocka_unit_test(open_neutral_of_a_lone_input),
        cmocka_unit_test(early_clipping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
