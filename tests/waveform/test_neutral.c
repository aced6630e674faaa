/* The network against circuits worked out by hand. */
#include "waveform/neutral.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct waveform_grid NONE_LOST;

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", value, expected);
}

static struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES];

static void solve(bool lost_b, enum waveform_loss loss, bool open,
                  enum waveform_wiring wiring, const struct phasor y[NEUTRAL_PAIRS])
{
    struct waveform_grid grid = NONE_LOST;
    struct waveform_disturbance disturbance = { .neutral_open = open,
                                                .motor_share = { 0, 0.8, 0 } };
    grid.lost[1] = lost_b;
    disturbance.loss[1] = loss;
    struct neutral_state s = neutral_state_of(&grid, &disturbance, wiring);
    neutral_solve(&s, y, t);
}

/* Millman: the star point of 1, 2 and 5 S is at (1·Va + 2·Vb + 5·Vc) / 8. */
static void test_an_open_neutral(void **state)
{
    (void)state;
    struct phasor y[NEUTRAL_PAIRS] = { [3] = { 1, 0 }, { 2, 0 }, { 5, 0 } };
    solve(false, WAVEFORM_LOSS_DEAD, true, WAVEFORM_AB, y);
    assert_near(t[3][0].re, 1.0 / 8, 1e-15);
    assert_near(t[3][1].re, 2.0 / 8, 1e-15);
    assert_near(t[3][2].re, 5.0 / 8, 1e-15);
    assert_true(t[0][0].re == 1 && t[0][1].re == 0 && t[2][2].re == 1);
    /* with a coil of 1 S in place of the first: −j/(7 − j) = (1 − 7j)/50 */
    y[3] = (struct phasor){ 0, -1 };
    solve(false, WAVEFORM_LOSS_DEAD, true, WAVEFORM_AB, y);
    assert_near(t[3][0].re, 1.0 / 50, 1e-15);
    assert_near(t[3][0].im, -7.0 / 50, 1e-15);
}

/* Without any load the meter's own three inputs make the star point. */
static void test_an_open_neutral_without_load(void **state)
{
    (void)state;
    const struct phasor y[NEUTRAL_PAIRS] = { { 0, 0 } };
    solve(false, WAVEFORM_LOSS_DEAD, true, WAVEFORM_WYE, y);
    for (int j = 0; j < WAVEFORM_PHASES; j++)
        assert_near(t[3][j].re, 1.0 / 3, 1e-15);
    solve(false, WAVEFORM_LOSS_DEAD, true, WAVEFORM_AB, y);
    assert_true(t[3][0].re == 0);
    /* one input pulls N to its own conductor */
    solve(false, WAVEFORM_LOSS_DEAD, true, WAVEFORM_CN, y);
    assert_true(t[3][0].re == 0 && t[3][1].re == 0);
    assert_near(t[3][2].re, 1, 1e-15);
}

/* Wired in wye 2.5 MΩ pull a loose conductor to neutral; wired in delta the star of the
 * inputs holds it in the middle between the others; 7.5 MΩ lines against a load's. */
static void test_a_floating_conductor(void **state)
{
    (void)state;
    struct phasor y[NEUTRAL_PAIRS] = { { 0, 0 } };
    solve(true, WAVEFORM_LOSS_FLOATING, false, WAVEFORM_WYE, y);
    assert_true(t[1][0].re == 0 && t[1][1].re == 0 && t[1][2].re == 0);
    solve(true, WAVEFORM_LOSS_FLOATING, false, WAVEFORM_DELTA, y);
    assert_near(t[1][0].re, 0.5, 1e-15);
    assert_near(t[1][2].re, 0.5, 1e-15);
    assert_true(t[1][1].re == 0);
    /* 5 MΩ of a capacitor's leak from A to B, 2.5 MΩ of the input to N: a third */
    y[0].re = 1 / 5e6;
    solve(true, WAVEFORM_LOSS_FLOATING, false, WAVEFORM_WYE, y);
    assert_near(t[1][0].re, 1.0 / 3, 1e-15);
}

static void test_dead_and_backfed(void **state)
{
    (void)state;
    struct phasor y[NEUTRAL_PAIRS] = { { 1, 0 }, { 1, 0 }, { 1, 0 }, { 1, 0 } };
    solve(true, WAVEFORM_LOSS_DEAD, false, WAVEFORM_WYE, y);
    assert_true(t[1][0].re == 0 && t[1][1].re == 0 && t[1][2].re == 0);
    solve(true, WAVEFORM_LOSS_BACKFED, false, WAVEFORM_WYE, y);
    assert_true(t[1][0].re == 0.5 && t[1][1].re == 0 && t[1][2].re == 0.5);
    solve(true, WAVEFORM_LOSS_MOTOR, false, WAVEFORM_WYE, y); /* A + C = −B */
    assert_true(t[1][0].re == -0.8 && t[1][1].re == 0 && t[1][2].re == -0.8);
}

/* From near its old phasor through 0 to that of a machine at rest. */
static void test_a_motor_slows(void **state)
{
    (void)state;
    assert_near(neutral_motor_share(0.9, 2, 0), 0.9, 1e-15);
    assert_near(neutral_motor_share(0.9, 0, 100), 0.9, 1e-15);
    assert_near(neutral_motor_share(0.9, 2, 2 * log(2.8)), 0, 1e-12);
    assert_near(neutral_motor_share(0.9, 2, 4), -0.5 + 1.4 * exp(-2), 1e-12);
    assert_near(neutral_motor_share(0.9, 2, 100), -0.5, 1e-12);
}

/* B hangs on A by 1 S and on N by 2 S, N on A by 3 S and on C by 4 S; A at 1 V, C at 0:
 * 3·b = a + 2n, 9·n = 3a + 2b, so n = 11/23 and b = 15/23. */
static void test_two_floating_nodes(void **state)
{
    (void)state;
    const struct phasor y[NEUTRAL_PAIRS] = { { 1, 0 }, { 0, 0 }, { 0, 0 },
                                             { 3, 0 }, { 2, 0 }, { 4, 0 } };
    solve(true, WAVEFORM_LOSS_FLOATING, true, WAVEFORM_AN, y);
    assert_near(t[3][0].re, 11.0 / 23, 1e-6);
    assert_near(t[1][0].re, 15.0 / 23, 1e-6);
    assert_near(t[3][0].re + t[3][2].re, 1, 1e-15);
}

static void test_star_to_mesh(void **state)
{
    (void)state;
    struct phasor y[NEUTRAL_PAIRS] = { { 0.25, 0 } };
    const struct phasor star[] = { { 1, 0 }, { 2, 0 }, { 0, 5 } };
    neutral_add_star(y, star);
    /* 2/(3 + 5j) = (6 − 10j)/34 */
    assert_near(y[0].re, 0.25 + 6.0 / 34, 1e-15);
    assert_near(y[0].im, -10.0 / 34, 1e-15);
    const struct phasor none[3] = { { 0, 0 } };
    neutral_add_star(y, none);
    assert_true(y[3].re == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_open_neutral),
        cmocka_unit_test(test_an_open_neutral_without_load),
        cmocka_unit_test(test_a_floating_conductor),
        cmocka_unit_test(test_dead_and_backfed),
        cmocka_unit_test(test_a_motor_slows),
        cmocka_unit_test(test_two_floating_nodes),
        cmocka_unit_test(test_star_to_mesh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
