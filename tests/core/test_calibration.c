/* Constants of calibration: a board with errors of gain, angle and noise is put right
 * by them, they survive a power cycle, and a chip that refuses them changes nothing. */
#include "hal_sim/device_core.h"
#include "hal_sim/unit.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND_NS = 1000000000 };

static struct unit *u;
static struct waveform_truth truth;

static int start(void **state)
{
    const struct unit_options options = { .model = model_find("s4100"),
                                          .wiring = WAVEFORM_WYE,
                                          .ct_primary_a = 100,
                                          .ct_output_v = 1,
                                          .pt_ratio = 1,
                                          .seed = 1 };
    const struct waveform_grid grid = { .hz = 60,
                                        .volts = { 277, 277, 277 },
                                        .degrees = { 0, -120, 120 } };
    const struct waveform_load load = { .amps = { 50, 50, 50 },
                                        .lag_degrees = { 60, 60, 60 } };

    (void)state;
    u = unit_new(&options, 0);
    waveform_set_grid(u->world, &grid);
    waveform_set_load(u->world, &load);
    waveform_truth(u->world, &truth);
    unit_power(u, true);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    unit_free(u);
    return 0;
}

static const struct second *after(double seconds)
{
    unit_advance(u, u->now_ns + (int64_t)(seconds * SECOND_NS));
    return &device_core_meter(u->device)->second;
}

static void assert_share(double value, double expected, double percent)
{
    double off = (value / expected - 1) * 100;
    if (fabs(off) > percent)
        fail_msg("%.9g is %.5f %% off %.9g, more than %g %%", value, off, expected,
                 percent);
}

/* +0.5 % in the voltage and −0.3 % in the current channel of B. */
static void gain(void **state)
{
    struct calibration c = { .gain_ppm = { 0 } };

    (void)state;
    unit_set_fault(u, FAULT_ADC_GAIN_V, 1, 0.5);
    unit_set_fault(u, FAULT_ADC_GAIN_I, 1, -0.3);
    const struct second *s = after(3);
    assert_share((double)s->v[1] / 1e6, truth.v[1] * 1.005, 0.001);
    assert_share((double)s->p[1] / 1e6, truth.p[1] * 1.005 * 0.997, 0.001);
    c.gain_ppm[1] = (int32_t)lrint((1 / 1.005 - 1) * 1e6);
    c.gain_ppm[4] = (int32_t)lrint((1 / 0.997 - 1) * 1e6);
    assert_int_equal(meter_calibrate(device_core_meter(u->device), &c), 0);
    s = after(3);
    assert_share((double)s->v[1] / 1e6, truth.v[1], 0.001);
    assert_share((double)s->vll[0] / 1e6, truth.vll[0], 0.001);
    assert_share((double)s->i[1] / 1e6, truth.i[1], 0.001);
    assert_share((double)s->p[1] / 1e6, truth.p[1], 0.001);
    assert_share((double)s->p[0] / 1e6, truth.p[0], 0.001);
}

/* A CT that leads by 30 minutes costs 1.5 % of P at PF 0.5; the constant takes it out
 * of readings and of energy. */
static void phase(void **state)
{
    struct calibration c = { .gain_ppm = { 0 } };
    const double lead = 30.0 / 60 * 3.14159265358979323846 / 180;

    (void)state;
    unit_set_fault(u, FAULT_CT_PHASE_ERROR, 0, 30);
    const struct second *s = after(3);
    assert_share((double)s->p[0] / 1e6,
                 truth.p[0] * cos(lead) * cos(1.0471975512 - lead) / 0.5, 0.001);
    c.phase_urad[0] = (int32_t)lrint(lead * 1e6);
    c.gain_ppm[3] = (int32_t)lrint((1 / cos(lead) - 1) * 1e6);
    assert_int_equal(meter_calibrate(device_core_meter(u->device), &c), 0);
    s = after(3);
    assert_share((double)s->p[0] / 1e6, truth.p[0], 0.002);
    assert_share((double)s->q[0] / 1e6, truth.q[0], 0.002);
    uint64_t wh = device_core_meter(u->device)->energy.mwh[0][ENERGY_IMPORT];
    uint64_t varh = device_core_meter(u->device)->energy.mwh[0][ENERGY_Q1];
    after(60);
    assert_share(
        (double)(device_core_meter(u->device)->energy.mwh[0][ENERGY_IMPORT] - wh) / 1e3,
        truth.p[0] / 60, 0.01);
    assert_share(
        (double)(device_core_meter(u->device)->energy.mwh[0][ENERGY_Q1] - varh) / 1e3,
        truth.q[0] / 60, 0.01);
}

/* Noise adds to an rms value by its square; the offset takes it away. */
static void offset(void **state)
{
    const struct waveform_load small = { .amps = { 0.1, 0.1, 0.1 } };
    struct calibration c = { .gain_ppm = { 0 } };

    (void)state;
    waveform_set_load(u->world, &small);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 2000);
    const struct second *s = after(3);
    assert_true((double)s->i[0] / 1e6 > 0.1 * 1.05);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        c.offset_codes2[ch] = 2000 * 2000;
    assert_int_equal(meter_calibrate(device_core_meter(u->device), &c), 0);
    s = after(3);
    assert_share((double)s->i[0] / 1e6, 0.1, 1.5);
}

static void survives_a_power_cycle(void **state)
{
    struct calibration c = { .gain_ppm = { 1000, 0, 0, 2000 } };

    (void)state;
    assert_int_equal(meter_calibrate(device_core_meter(u->device), &c), 0);
    unit_power(u, false);
    after(1);
    unit_power(u, true);
    const struct second *s = after(3);
    assert_share((double)s->v[0] / 1e6, truth.v[0] * 1.001, 0.001);
    assert_share((double)s->i[0] / 1e6, truth.i[0] * 1.002, 0.001);
}

/* Energy up to a change of the CT's rating is that of the old rating. */
static void a_new_rating_does_not_reach_back(void **state)
{
    const uint8_t write[5] = { 6, 0, 130, 0, 200 };
    uint8_t answer[METER_PDU_MAX];

    (void)state;
    after(10.5); /* in the middle of a second */
    assert_int_equal(unit_request(u, write, sizeof write, answer), 5);
    after(9.5);
    double wh =
        (double)device_core_meter(u->device)->energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] /
        1e3;
    double expected = truth.p_total * (10.5 + 2 * 9.5) / 3600;
    assert_share(wh, expected, 0.4); /* what is in the filters, 50 ms of 20 s */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gain, start, stop),
        cmocka_unit_test_setup_teardown(phase, start, stop),
        cmocka_unit_test_setup_teardown(offset, start, stop),
        cmocka_unit_test_setup_teardown(survives_a_power_cycle, start, stop),
        cmocka_unit_test_setup_teardown(a_new_rating_does_not_reach_back, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
