/* Faults of CTs and rope CTs against closed form, through the whole chain: world, view,
 * ADC, metering. Every test looks at phases without the fault as well. */
#include "hal_sim/sensors_view.h"
#include "tests/hal_sim/sensor_fixture.h"

static const double close_to = 1e-5; /* of the meter: rounding, window, cycles */

/* Phase A with one fault, B and C sound: I and P of A as a share of what they should
 * be. */
static void check(const struct model *model, double hz, double lag, enum fault_id fault,
                  double value, double i_share, double p_share)
{
    struct unit *u = rig_new(model, 40, hz, lag);

    unit_set_fault(u, fault, 0, value);
    struct readings r = rig_read(u, 3);
    assert_near(r.i[0] / rig_amps, i_share, 2 * close_to);
    assert_near(r.p[0] / rig_power(lag), p_share, 2 * close_to);
    for (int k = 1; k < 3; k++) {
        assert_near(r.i[k] / rig_amps, 1,
                    2 * close_to); /* the rope's 0.3 Hz: 1.25e-5 */
        assert_near(r.p[k] / rig_power(lag), 1, 2 * close_to);
    }
    unit_free(u);
}

static void ratio(void **state)
{
    (void)state;
    check(&model_s4100, 60, 30, FAULT_CT_RATIO_ERROR, 1, 1.01, 1.01);
    check(&model_s4100, 60, 30, FAULT_CT_RATIO_ERROR, -50, 0.5, 0.5);
    check(&model_s4100, 60, 30, FAULT_CT_WRONG_RATIO, 2, 0.5, 0.5);
    check(&model_s4100, 60, 30, FAULT_CT_WRONG_RATIO, 0.8, 1.25, 1.25);
    check(&model_s4100, 60, 30, FAULT_CT_REVERSED, 1, 1, -1);
    check(&model_s4100, 60, 30, FAULT_CT_SHORTED, 1, 0, 0);
    check(&model_s4100, 60, 30, FAULT_CT_OPEN, 1, 0, 0);
}

/* jωLm ÷ (Rt + jωLm): leads by atan(x·60/f), x = tan of the angle at 60 Hz, size its
 * cosine. 30 minutes at PF 0.5: +1.5 %. */
static void phase(void **state)
{
    static const double hz[] = { 45, 50, 60, 65 }, minutes[] = { 30, -30, 120, 600 };

    (void)state;
    for (unsigned n = 0; n < COUNT_OF(hz); n++)
        for (unsigned m = 0; m < COUNT_OF(minutes); m++) {
            double lead = atan(tan(RADIANS(minutes[m] / 60)) * 60 / hz[n]);
            double p = cos(lead) * cos(RADIANS(60) - lead) / cos(RADIANS(60));
            check(&model_s4100, hz[n], 60, FAULT_CT_PHASE_ERROR, minutes[m], cos(lead),
                  p);
        }
    double lead = RADIANS(0.5);
    assert_near(cos(lead) * cos(RADIANS(60) - lead) / 0.5, 1.0150, 1e-4);
}

/* The fifth harmonic is led by a fifth of the angle: P of a load with one is exact. */
static void phase_of_harmonics(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 60);
    struct waveform_line line[2] = { { .order = 1 }, { .order = 5 } };
    double x = tan(RADIANS(2)), expected = 0;

    (void)state;
    for (int n = 0; n < 2; n++) {
        double lead = atan(x / line[n].order), lag = RADIANS(60);
        double filter = 1 / (1 + pow(60 * line[n].order / SENSORS_ANTIALIAS_HZ, 2));
        line[n].re[WAVEFORM_VA] = 200;
        line[n].re[WAVEFORM_IA] = 30 * cos(lag);
        line[n].im[WAVEFORM_IA] = -30 * sin(lag);
        expected += 200 * 30 * filter * cos(lead) * cos(lag - lead);
    }
    assert_int_equal(waveform_set_lines(u->world, 60, line, 2), 0);
    unit_set_fault(u, FAULT_CT_PHASE_ERROR, 0, 120);
    assert_near(rig_read(u, 3).p[0] / expected, 1, 2e-5);
    unit_free(u);
}

/* A's CT on B's conductor: IB lags VA by 120° more. */
static void swapped(void **state)
{
    double p = cos(RADIANS(150)) / cos(RADIANS(30));

    (void)state;
    check(&model_s4100, 60, 30, FAULT_CT_SWAPPED, 2, 1, p);
    check(&model_s4100, 60, 30, FAULT_CT_SWAPPED, 1, 1, 1);
}

/* Balanced neighbours sum to minus the own current. Pick-up alone does nothing. */
static void open_with_pickup(void **state)
{
    struct unit *u = rig_new(&model_s4100, 40, 60, 30);

    (void)state;
    unit_set_fault(u, FAULT_CT_PICKUP, 0, 2);
    assert_near(rig_read(u, 3).i[0], rig_amps, 1e-3);
    unit_set_fault(u, FAULT_CT_OPEN, 0, 1);
    struct readings r = rig_read(u, 3);
    assert_near(r.i[0], 0.02 * rig_amps, 1e-4);
    assert_near(r.p[0], -0.02 * rig_power(30), 0.05);
    unit_free(u);
}

/* Rin ÷ (Rin + R), on the signal and on the tangent of the angle. */
static void burden(void **state)
{
    static const double input[] = { 32100, 10600 };

    (void)state;
    for (unsigned n = 0; n < 2; n++) {
        struct unit *u = rig_new(&model_s4100, 40, 60, 60);
        double share = input[n] / (input[n] + 1000);
        double lead = atan(share * tan(RADIANS(1)));
        u->sensors.ct_output_v = n ? 1 / 3.0 : 1;
        unit_sensors_changed(u);
        rig_write(u, 132, n ? 3 : 1);
        unit_set_fault(u, FAULT_CT_BURDEN, 0, 1000);
        struct readings r = rig_read(u, 3);
        assert_near(r.i[0] / rig_amps, share, close_to);
        assert_near(r.p[0] / rig_power(60), share, 2 * close_to);
        unit_set_fault(u, FAULT_CT_PHASE_ERROR, 0, 60);
        r = rig_read(u, 3);
        assert_near(r.p[0] / rig_power(60),
                    share * cos(lead) * cos(RADIANS(60) - lead) / 0.5, 2 * close_to);
        assert_near(r.i[1] / rig_amps, 1, close_to);
        unit_free(u);
    }
}

/* The core turns back atan(0.3/f); what is beyond stays. */
static void rope_corner(void **state)
{
    static const double hz[] = { 50, 60 }, corner[] = { 0, 1, 10 };

    (void)state;
    for (unsigned n = 0; n < COUNT_OF(hz); n++)
        for (unsigned c = 0; c < COUNT_OF(corner); c++) {
            double lead = atan(corner[c] / hz[n]), back = atan(0.3 / hz[n]);
            check(&model_s4000r, hz[n], 60, FAULT_ROPE_CORNER, corner[c], cos(lead),
                  cos(lead) * cos(RADIANS(60) - lead + back) / 0.5);
        }
    check(&model_s4100, 60, 60, FAULT_ROPE_CORNER, 10, 1, 1); /* no rope there */
}

static void rope_position_and_coupling(void **state)
{
    (void)state;
    check(&model_s4000r, 60, 30, FAULT_ROPE_POSITION, -3, 0.97, 0.97);
    check(&model_s4000r, 60, 30, FAULT_ROPE_COUPLING, 1, 0.99, 0.99);
    check(&model_s4100, 60, 30, FAULT_ROPE_POSITION, -3, 1, 1);
    check(&model_s4100, 60, 30, FAULT_ROPE_COUPLING, 1, 1, 1);
    /* B alone carries current: A and C see 1 % of it */
    struct unit *u = rig_new(&model_s4000r, 40, 60, 0);
    struct waveform_load load = { .amps = { 0, 80, 0 } };
    waveform_set_load(u->world, &load);
    unit_set_fault(u, FAULT_ROPE_COUPLING, -1, 1);
    struct readings r = rig_read(u, 3);
    assert_near(r.i[0], 0.8, 1e-4);
    assert_near(r.i[1], 80, 2e-3);
    assert_near(r.i[2], 0.8, 1e-4);
    unit_free(u);
}

/* Each fault is gone when its value is neutral again, to the bit of the view. */
static void faults_leave_nothing(void **state)
{
    struct unit *u = rig_new(&model_s4000r, 40, 60, 30);
    double before[2][6][6] = { { { 0 } } };

    (void)state;
    sensors_view(&u->sensors, 180, before[0], before[1]);
    for (int id = 0; id < FAULTS; id++) {
        double after[2][6][6] = { { { 0 } } };
        if (id == FAULT_PHASE_LOSS || id == FAULT_SUPPLY_LOSS ||
            id == FAULT_CT_CURRENT_OUTPUT) /* an input that is destroyed stays so */
            continue;
        unit_set_fault(u, (enum fault_id)id, -1, fault_table[id].usual);
        unit_set_fault(u, (enum fault_id)id, -1, fault_table[id].neutral);
        sensors_view(&u->sensors, 180, after[0], after[1]);
        assert_memory_equal(before, after, sizeof before);
        assert_int_equal(u->sensors.saturating | u->sensors.classed, 0);
        assert_false(u->sensors.adc.stuck);
    }
    unit_free(u);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratio),
        cmocka_unit_test(phase),
        cmocka_unit_test(phase_of_harmonics),
        cmocka_unit_test(swapped),
        cmocka_unit_test(open_with_pickup),
        cmocka_unit_test(burden),
        cmocka_unit_test(rope_corner),
        cmocka_unit_test(rope_position_and_coupling),
        cmocka_unit_test(faults_leave_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
