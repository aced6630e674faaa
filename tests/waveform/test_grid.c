/* Grids by name and by symmetrical components: the voltages that a meter reads of them.
 */
#include "waveform/grid.h"
#include "waveform/waveform.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct waveform_truth t;

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-10))
        fail_msg("%.17g is not %.17g", value, expected);
}

static void look(const struct waveform_grid *grid)
{
    struct waveform *w = waveform_new(WAVEFORM_WYE);
    waveform_set_grid(w, grid);
    waveform_truth(w, &t);
    waveform_free(w);
}

static void assert_volts(const double v[3], const double vll[3])
{
    for (int k = 0; k < 3; k++) {
        assert_near(t.v[k], v[k]);
        assert_near(t.vll[k], vll[k]);
    }
}

static void test_kinds(void **state)
{
    (void)state;
    const double r = sqrt(3);
    const double v[][3] = { { 240 / r, 240 / r, 240 / r },
                            { 240 / r, 240 / r, 240 / r },
                            { 120, 120 * r, 120 },
                            { 240, 0, 240 },
                            { 120, 120, 0 } };
    const double vll[][3] = { { 240, 240, 240 },
                              { 240, 240, 240 },
                              { 240, 240, 240 },
                              { 240, 240, 240 },
                              { 240, 120, 120 } };
    for (int kind = GRID_WYE; kind <= GRID_SPLIT; kind++) {
        struct waveform_grid grid = { .hz = 50, .lost = { true, true, true } };
        grid_set_kind(&grid, (enum grid_kind)kind, 240);
        look(&grid);
        assert_true(t.hz == 50);
        assert_volts(v[kind], vll[kind]);
    }
}

/* The order in which A-B, B-C, C-A follow one another: − where B-C lags A-B by 120°. */
static double sequence(const struct waveform_grid *g)
{
    double re[3], im[3];
    for (int k = 0; k < 3; k++) {
        re[k] = g->volts[k] * cos(g->degrees[k] * 3.14159265358979 / 180);
        im[k] = g->volts[k] * sin(g->degrees[k] * 3.14159265358979 / 180);
    }
    return (re[0] - re[1]) * (im[1] - im[2]) - (im[0] - im[1]) * (re[1] - re[2]);
}

static void test_sequences_of_kinds(void **state)
{
    (void)state;
    struct waveform_grid grid = { .hz = 60 };
    for (int kind = GRID_WYE; kind < GRID_SPLIT; kind++) {
        grid_set_kind(&grid, (enum grid_kind)kind, 240);
        assert_true((sequence(&grid) < 0) == (kind != GRID_ACB));
        assert_true(fabs(sequence(&grid)) > 40000);
    }
}

static void test_symmetrical_components(void **state)
{
    (void)state;
    struct waveform_grid grid = { .hz = 60 };
    const double positive[3] = { 0, 100, 0 }, negative[3] = { 0, 0, 100 },
                 none[3] = { 0 };
    grid_set_sequences(&grid, positive, none);
    for (int k = 0; k < 3; k++) {
        assert_near(grid.volts[k], 100);
        assert_near(grid.degrees[k], k == 0 ? 0 : k == 1 ? -120 : 120);
    }
    grid_set_sequences(&grid, negative, none);
    assert_near(grid.degrees[1], 120);
    /* 10 at 0° in all, 100 positive, 5 negative at 90°: V1 from its definition */
    const double volts[3] = { 10, 100, 5 }, degrees[3] = { 0, 0, 90 };
    grid_set_sequences(&grid, volts, degrees);
    double re = 0, im = 0, zero = 0;
    for (int k = 0; k < 3; k++) {
        double angle = (grid.degrees[k] + 120 * k) * 3.14159265358979323846 / 180;
        re += grid.volts[k] * cos(angle) / 3;
        im += grid.volts[k] * sin(angle) / 3;
        zero += grid.volts[k] * cos(grid.degrees[k] * 3.14159265358979323846 / 180) / 3;
    }
    assert_near(re, 100);
    assert_near(im, 0);
    assert_near(zero, 10);
    assert_near(grid.volts[0], hypot(110, 5));
}

static void test_tiny_negative_turns(void **state)
{
    (void)state;
    struct turn tiny = grid_signed_turns(-1e-18, 1);
    assert_true(tiny.whole == UINT64_MAX && tiny.frac == UINT64_MAX - 17);
    assert_true(grid_turns(-0.25, 1) == UINT64_C(3) << 62);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_sequences_of_kinds),
        cmocka_unit_test(test_symmetrical_components),
        cmocka_unit_test(test_tiny_negative_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
