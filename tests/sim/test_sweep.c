/* Readings never leave their formats: meters of every size, all system types, from 1 A
 * at 82 V to 32 000 A at 32 000 V. At 120 % of the rated current each integer register
 * must hold the truth within half a step, each float within its precision, and energy
 * must run at the true rate. */
#include "hal_sim/device_core.h"
#include "hal_sim/unit.h"
#include "sim/plant/demo.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SECOND_NS = 1000000000 };

struct size {
    int type;
    double ct, pt, volts;
};

static uint16_t read_register(struct unit *u, int reg)
{
    const uint8_t request[5] = { 3, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1), 0,
                                 1 };
    uint8_t answer[METER_PDU_MAX];

    assert_int_equal(unit_request(u, request, 5, answer), 4);
    return (uint16_t)(answer[2] << 8 | answer[3]);
}

static double read_scaled(struct unit *u, int reg, int exponent_reg)
{
    return (int16_t)read_register(u, reg) *
           pow(10, (int16_t)read_register(u, exponent_reg));
}

static double read_float(struct unit *u, int reg)
{
    uint32_t bits = (uint32_t)read_register(u, reg) << 16 | read_register(u, reg + 1);
    float x;

    memcpy(&x, &bits, sizeof x);
    return (double)x;
}

static void assert_within(double value, double expected, double tolerance,
                          const char *what, const struct size *s)
{
    if (fabs(value - expected) <= tolerance)
        return;
    fail_msg("type %d, %g A, PT %g, %g V: %s is %.9g, expected %.9g within %g", s->type,
             s->ct, s->pt, s->volts, what, value, expected, tolerance);
}

static struct unit *full_load(const struct size *s, double factor)
{
    const struct demo d = { .model = model_find("s4100"),
                            .system_type = s->type,
                            .ct_primary_a = s->ct,
                            .pt_ratio = s->pt,
                            .volts_ll = s->volts,
                            .hz = 60,
                            .amps = s->ct * factor,
                            .pf = 1 };
    struct unit *u = demo_unit(&d, 0);
    struct waveform_grid grid;

    assert_non_null(u);
    demo_grid(&d, &grid);
    waveform_set_grid(u->world, &grid);
    return u;
}

static void check_registers(struct unit *u, const struct waveform_truth *t,
                            const struct size *s)
{
    double step = pow(10, (int16_t)read_register(u, 140));
    double total_kw = t->p_total / 1000;

    assert_within(read_scaled(u, 21, 140), total_kw, step / 2 + total_kw * 2e-5, "kW",
                  s);
    assert_within(read_scaled(u, 91, 140), t->p[0] / 1000,
                  step / 2 + t->p[0] / 1000 * 2e-5, "kW A", s);
    assert_within(read_float(u, 277), total_kw, total_kw * 2e-5, "kW as float", s);
    step = pow(10, (int16_t)read_register(u, 138));
    assert_within(read_scaled(u, 109, 138), t->i[0], step / 2 + t->i[0] * 2e-5, "A", s);
    assert_within(read_float(u, 401), t->i[0], t->i[0] * 2e-5, "A as float", s);
    step = pow(10, (int16_t)read_register(u, 139));
    if (s->type != 10)
        assert_within(read_scaled(u, 103, 139), t->vll[0], step / 2 + t->vll[0] * 2e-5,
                      "V AB", s);
    if (s->type == 10 || s->type == 12 || s->type == 40)
        assert_within(read_scaled(u, 106, 139), t->v[0], step / 2 + t->v[0] * 2e-5,
                      "V AN", s);
}

/* From one published second to another, 20 s later: whole cycles of 60 Hz. */
static void check_energy(struct unit *u, const struct waveform_truth *t,
                         const struct size *s)
{
    double before =
        (double)device_core_meter(u->device)->energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT];

    unit_advance(u, u->now_ns + 20 * (int64_t)SECOND_NS);
    double wh =
        ((double)device_core_meter(u->device)->energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] -
         before) /
        1000;
    double expected = t->p_total * 20 / 3600;
    assert_within(wh, expected, expected * 5e-5 + 0.002, "Wh in 20 s", s);
    assert_within(
        read_float(u, 259) * 1000,
        (double)device_core_meter(u->device)->energy.mwh[ENERGY_TOTAL][ENERGY_IMPORT] /
            1000,
        expected * 3 * 1e-7 + 0.002, "kWh as float", s);
}

static void check_size(const struct size *s)
{
    struct unit *u = full_load(s, 1.19);
    struct waveform_truth t;

    unit_advance(u, 3 * (int64_t)SECOND_NS);
    waveform_truth(u->world, &t);
    check_registers(u, &t, s);
    check_energy(u, &t, s);
    unit_free(u);
}

/* Nominal voltages over the whole range, each with PT ratios that the rule allows. The
 * front end takes 347 V L-N at its input: 600 V for the line-to-line types. */
static void test_sizes(void **state)
{
    static const int types[] = { 10, 11, 12, 31, 40 };
    static const double cts[] = { 1, 5, 20, 100, 333, 1000, 3000, 5000, 32000 };
    static const double voltages[] = { 82, 120, 240, 480, 600, 4160, 13800, 32000 };
    int checked = 0;

    (void)state;
    for (unsigned t = 0; t < 5; t++)
        for (unsigned c = 0; c < sizeof cts / sizeof *cts; c++)
            for (unsigned v = 0; v < sizeof voltages / sizeof *voltages; v++) {
                double most = types[t] == 10 ? 340 : 600;
                double pt = voltages[v] <= most ? 1 : ceil(voltages[v] / most);
                struct size s = { types[t], cts[c], pt, voltages[v] };
                check_size(&s);
                checked++;
            }
    assert_int_equal(checked, 360);
}

/* PT ratios below one, too: 0.15 makes 82 V out of 546 V at the input. */
static void test_small_pt_ratio(void **state)
{
    const struct size s = { 40, 100, 0.15, 82 };

    (void)state;
    check_size(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_small_pt_ratio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
