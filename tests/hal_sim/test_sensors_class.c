/* Accuracy classes: the limits of IEC 61869-2 as readings, at several currents, on both
 * sides, and between the points. */
#include "tests/hal_sim/sensor_fixture.h"

/* Phase A at `percent` of rated: ratio error in %, lead in minutes, as the meter reads.
 */
static void check(double value, double percent, double hz, double ratio, double minutes)
{
    struct unit *u = rig_new(&model_s4100, 40, hz, 60);

    rig_world(u, hz, percent, 60);
    unit_set_fault(u, FAULT_CT_CLASS, 0, value);
    struct readings r = rig_read(u, 12); /* the mean's second has passed */
    double lead = RADIANS(minutes / 60), share = 1 + ratio / 100;
    double most = hz == 60 ? 3e-5 : 1e-4; /* the size is made up for at 60 Hz */
    assert_near(r.i[0] / percent, share, most);
    assert_near(r.p[0] / (rig_volts * percent), share * cos(RADIANS(60) - lead), most);
    assert_near(r.i[1] / percent, 1, 3e-5);
    unit_free(u);
}

static void limits_of_the_classes(void **state)
{
    static const struct {
        double value, percent, ratio, minutes;
    } rows[] = {
        { 0.1, 5, 0.4, 15 },  { 0.1, 20, 0.2, 8 },        { 0.1, 100, 0.1, 5 },
        { 0.2, 1, 0.75, 30 }, { 0.2, 5, 0.35, 15 },       { 0.2, 20, 0.2, 10 },
        { 0.5, 5, 1.5, 90 },  { 0.5, 20, 0.75, 45 },      { 0.5, 100, 0.5, 30 },
        { 1, 5, 3, 180 },     { 1, 20, 1.5, 90 },         { 1, 110, 1, 60 },
        { 3, 50, 3, 0 },      { 0.5, 12.5, 1.125, 67.5 }, { 0.4, 60, 0.625, 37.5 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        check(rows[k].value, rows[k].percent, 60, -rows[k].ratio, rows[k].minutes);
        check(-rows[k].value, rows[k].percent, 60, rows[k].ratio, -rows[k].minutes);
    }
}

/* The angle falls as 1/f. */
static void at_50_hz(void **state)
{
    (void)state;
    check(0.5, 100, 50, -0.5, 30 * 1.2);
    check(-0.5, 100, 50, 0.5, -30 * 1.2);
}

static void any_cuts_give_the_same_bits(void **state)
{
    struct ct_class c[2] = { { .value = 0 } };
    double x[2][2520];
    struct random dice = { 5 };

    (void)state;
    for (int n = 0; n < 2520; n++)
        x[0][n] = x[1][n] = (n < 1000 ? 20 : 90) * sin(2 * RAD_PI * n / 42);
    for (int k = 0; k < 2; k++)
        ct_class_prepare(&c[k], 1, 100);
    for (int n = 0; n < 2520; n += 42)
        ct_class_run(&c[0], 42, x[0] + n);
    for (int n = 0; n < 2520;) {
        int part = (int)random_range(&dice, 1, 42);
        part = part < 2520 - n ? part : 2520 - n;
        ct_class_run(&c[1], part, x[1] + n);
        n += part;
    }
    assert_memory_equal(x[0], x[1], sizeof x[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_the_classes),
        cmocka_unit_test(at_50_hz),
        cmocka_unit_test(any_cuts_give_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
