/* Every shape against its definition in the time domain: coefficients by integration of
 * the written-out wave in long double, rms and mean where there is a closed form. */
#include "waveform/shape.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <cmocka.h>

#define TAU 6.283185307179586476925286766559006L

enum { POINTS = 72000, LINES = 400 };

static struct shape_line lines[LINES];

static void assert_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* The wave at `degrees`; corners fall on whole degrees, between the points. */
typedef long double wave_of(long double degrees);

static long double sine(long double degrees)
{
    return sqrtl(2) * sinl(degrees / 360 * TAU);
}

static long double fired_60(long double degrees)
{
    return fmodl(degrees, 180) > 60 ? sine(degrees) : 0;
}

static long double fired_135(long double degrees)
{
    return fmodl(degrees, 180) > 135 ? sine(degrees) : 0;
}

static long double half(long double degrees)
{
    return degrees < 180 ? sine(degrees) : 0;
}

static long double burst_3_2(long double degrees)
{
    return degrees < 3 * 360 ? sine(degrees) : 0;
}

/* Blocks of 120° whose fundamental is 1 A rms: height π/√6, delayed by 20°. */
static long double six(long double degrees)
{
    long double x = fmodl(degrees - 20 + 360, 360), height = TAU / 2 / sqrtl(6);
    return x > 30 && x < 150 ? height : x > 210 && x < 330 ? -height : 0;
}

/* The second bridge's current through star and delta: steps of 1, 2, 1 over 60° each;
 * its height per step makes its fundamental that of the first bridge. */
static long double twelve(long double degrees)
{
    long double height = TAU / 2 / sqrtl(6), x = fmodl(degrees, 360);
    long double y = fmodl(x, 180), sign = x < 180 ? 1 : -1;
    long double second = (y > 60 && y < 120 ? 2 : 1) * height / sqrtl(3) * sign;
    long double first = y > 30 && y < 150 ? height * sign : 0;
    return (first + second) / 2;
}

static long double pulse_54(long double degrees)
{
    long double x = fmodl(degrees, 180) - 90, sign = degrees < 180 ? 1 : -1;
    return fabsl(x) < 27 ? sign * cosl(x / 108 * TAU) : 0;
}

/* Pulses as wide as a half cosine of order 3: the coefficient there is a limit. */
static long double pulse_60(long double degrees)
{
    long double x = fmodl(degrees, 180) - 90, sign = degrees < 180 ? 1 : -1;
    return fabsl(x) < 30 ? sign * cosl(x / 120 * TAU) : 0;
}

static long double notch(long double degrees)
{
    long double y = fmodl(degrees, 180), sign = degrees < 180 ? 1 : -1;
    bool in = (y > 35 && y < 45) || (y > 155 && y < 165);
    return in ? -sign * sqrtl(2) * 0.4L : 0;
}

static double component(wave_of *wave, double order, int cycles, bool cosine)
{
    long double sum = 0;
    for (int n = 0; n < POINTS; n++) {
        long double degrees = 360.0L * cycles * (n + 0.5L) / POINTS;
        long double angle = (long double)order * degrees / 360 * TAU;
        sum += wave(degrees) * (cosine ? cosl(angle) : sinl(angle));
    }
    return (double)(sum * sqrtl(2) / POINTS);
}

static void check(const struct shape *s, wave_of *wave, int cycles, double scale,
                  double tolerance)
{
    assert_true(s->count > 0 && s->count <= s->capacity);
    for (int k = 0; k < s->count; k++) {
        const struct shape_line *line = &s->line[k];
        double re = component(wave, line->order, cycles, false) * scale;
        double im = component(wave, line->order, cycles, true) * scale;
        if (line->order == 0)
            re = im / sqrt(2), im = 0;
        assert_near(line->re, re, tolerance);
        assert_near(line->im, im, tolerance);
    }
}

static double rms(const struct shape *s)
{
    double sum = 0;
    for (int k = 0; k < s->count; k++)
        sum += s->line[k].re * s->line[k].re + s->line[k].im * s->line[k].im;
    return sqrt(sum);
}

static struct shape empty(void)
{
    return (struct shape){ 0, LINES, lines };
}

static void test_phase_fired(void **state)
{
    (void)state;
    struct shape s = empty();
    shape_phase_fired(&s, 60, 31);
    check(&s, fired_60, 1, 1, 2e-7);
    s = empty();
    shape_phase_fired(&s, 135, 31);
    check(&s, fired_135, 1, 1, 2e-7);
    s = empty();
    shape_phase_fired(&s, 90, 399);
    /* half of the heat; P = V·I1·cos φ1 = half of the power: what is left is above 399
     */
    assert_near(rms(&s) * rms(&s), 0.5, 6e-4);
    assert_near(s.line[0].re, 0.5, 1e-15);
    assert_near(s.line[0].im, -1 / 3.14159265358979, 1e-14);
}

static void test_blocks(void **state)
{
    (void)state;
    struct shape s = empty();
    shape_pulses(&s, 6, 20, 25);
    assert_int_equal(s.count, 9);
    check(&s, six, 1, 1, 1e-7);
    s = empty();
    shape_pulses(&s, 12, 0, 50);
    assert_int_equal(s.count, 9);
    check(&s, twelve, 1, 1, 1e-7);
    assert_near(fabs(s.line[1].re), 1.0 / 11, 1e-15);
    s = empty();
    shape_pulses(&s, 6, 0, 400);
    /* THD of a six-pulse bridge: √(π²/9 − 1) */
    assert_near(sqrt(rms(&s) * rms(&s) - 1), 0.31084, 2e-3);
}

static void test_half_wave(void **state)
{
    (void)state;
    struct shape s = empty();
    shape_half_wave(&s, 40);
    check(&s, half, 1, 1, 1e-7);
    assert_near(rms(&s), sqrt(0.5), 1e-5);
    assert_near(s.line[0].re, sqrt(2) / 3.14159265358979, 1e-14);
}

static void test_burst(void **state)
{
    (void)state;
    struct shape s = empty();
    shape_burst(&s, 3, 2, 4);
    check(&s, burst_3_2, 5, 1, 1e-7);
    s = empty();
    shape_burst(&s, 2, 1, 100);
    assert_near(rms(&s), sqrt(2.0 / 3), 1e-4);
    s = empty();
    shape_burst(&s, 7, 0, 4);
    assert_true(s.count == 1 && s.line[0].re == 1);
}

static void test_rectifier(void **state)
{
    (void)state;
    struct shape s = empty();
    shape_rectifier(&s, 54, 31);
    check(&s, pulse_54, 1, 1 / component(pulse_54, 1, 1, false), 1e-7);
    s = empty();
    shape_rectifier(&s, 60, 31);
    check(&s, pulse_60, 1, 1 / component(pulse_60, 1, 1, false), 1e-7);
}

static void test_notches(void **state)
{
    (void)state;
    struct shape s = empty();
    shape_notches(&s, 0.4, 10, 5, 49);
    assert_int_equal(s.count, 25);
    check(&s, notch, 1, 1, 1e-7);
}

static void test_what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct shape s = { 0, 2, lines };
    lines[2].order = -7;
    shape_half_wave(&s, 40);
    assert_int_equal(s.count, 22);
    assert_true(lines[2].order == -7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phase_fired),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_half_wave),
        cmocka_unit_test(test_burst),
        cmocka_unit_test(test_rectifier),
        cmocka_unit_test(test_notches),
        cmocka_unit_test(test_what_does_not_fit_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
