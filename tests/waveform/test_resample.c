/* The change of rate against closed form: a sine goes in, the same sine must come out,
 * or nothing where it would alias. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "waveform/resample.h"
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

enum { CHANNELS = WAVEFORM_CHANNELS };
static const double out_hz = 2520;

/* Channel c is a sine of f, c·60 degrees late. */
static double sine(double hz, int channel, double t)
{
    return sin(2 * M_PI * (hz * t - channel / 6.0));
}

static struct resample_grid make_grid(double rate, double seconds, double hz)
{
    struct resample_grid g = { rate, (int64_t)(rate * seconds), NULL };
    g.frame = malloc((size_t)g.count * CHANNELS * sizeof *g.frame);
    assert_non_null(g.frame);
    for (int64_t n = 0; n < g.count; n++)
        for (int c = 0; c < CHANNELS; c++)
            g.frame[n * CHANNELS + c] = sine(hz, c, (double)n / rate);
    return g;
}

/* Largest difference to `gain` times the sine, on the inner part of the grid. */
static double largest_error(const struct resample_grid *g, double hz, double gain)
{
    struct resample_kernel *k = resample_kernel_new(64, 90);
    double cut = fmin(1, out_hz / g->hz), most = 0, out[CHANNELS];
    double seconds = (double)g->count / g->hz;
    for (int n = (int)(0.06 * out_hz); n < (seconds - 0.06) * out_hz; n++) {
        resample_at(k, g, cut, n / out_hz * g->hz, out);
        for (int c = 0; c < CHANNELS; c++)
            most = fmax(most, fabs(out[c] - gain * sine(hz, c, n / out_hz)));
    }
    resample_kernel_free(k);
    return most;
}

/* Thins a fast grid first, as recordings are. */
static double error_from(double rate, double hz, double gain)
{
    struct resample_grid g = make_grid(rate, 0.2, hz), less;
    int n = (int)(rate / (3 * out_hz));
    if (n > 1) {
        assert_int_equal(resample_decimate(&g, n, &less), 0);
        free(g.frame);
        g = less;
    }
    double most = largest_error(&g, hz, gain);
    free(g.frame);
    return most;
}

static const double rates[] = { 4800, 5000, 7678.4833984375, 15360, 100000, 1e6 };
enum { RATES = sizeof rates / sizeof rates[0] };

/* To the 20th harmonic of 60 Hz: amplitude and phase within 0.01 %. */
static void is_flat_to_the_20th_harmonic(void **state)
{
    (void)state;
    static const double hz[] = { 5, 50, 60, 360, 777, 1100, 1200 };
    double most = 0;
    for (int r = 0; r < RATES; r++)
        for (size_t i = 0; i < sizeof hz / sizeof hz[0]; i++)
            most = fmax(most, error_from(rates[r], hz[i], 1));
    print_message("flat within %.2g\n", most);
    assert_true(most < 1e-4);
}

/* What would fall below 1204 Hz: 80 dB down and more. */
static void lets_nothing_alias(void **state)
{
    (void)state;
    static const double hz[] = { 1316, 1500, 2000, 2460, 2520, 3700 };
    double most = 0;
    for (int r = 2; r < RATES; r++)
        for (size_t i = 0; i < sizeof hz / sizeof hz[0]; i++)
            most = fmax(most, error_from(rates[r], hz[i], 0));
    print_message("alias below %.1f dB\n", 20 * log10(most));
    assert_true(most < 1e-4);
}

/* What thinning would fold near the line frequency. */
static void thins_without_aliases(void **state)
{
    (void)state;
    double most = 0;
    for (int k = 1; k < 6; k++) {
        most = fmax(most, error_from(100000, 100000.0 / 13 * k - 60, 0));
        most = fmax(most, error_from(100000, 100000.0 / 13 * k + 1100, 0));
    }
    assert_true(most < 1e-5);
}

static void raises_slow_rates(void **state)
{
    (void)state;
    assert_true(error_from(1200, 50, 1) < 1e-4);
    assert_true(error_from(1200, 560, 1) < 1e-4);
    assert_true(error_from(600, 60, 1) < 1e-4);
}

/* At its own rate the record is not touched. */
static void is_exact_at_the_same_rate(void **state)
{
    (void)state;
    struct resample_grid g = make_grid(out_hz, 0.2, 700);
    struct resample_kernel *k = resample_kernel_new(64, 90);
    for (int64_t n = 0; n < g.count; n++) {
        double out[CHANNELS];
        resample_at(k, &g, 1, (double)n, out);
        for (int c = 0; c < CHANNELS; c++)
            assert_true(out[c] == g.frame[n * CHANNELS + c]);
    }
    resample_kernel_free(k);
    free(g.frame);
}

static void keeps_dc(void **state)
{
    (void)state;
    struct resample_grid g = make_grid(7678.4833984375, 0.1, 0);
    struct resample_kernel *k = resample_kernel_new(64, 90);
    for (double at = 0; at < (double)g.count - 1; at += 0.37) {
        double out[CHANNELS];
        resample_at(k, &g, 0.3, at, out);
        for (int c = 0; c < CHANNELS; c++)
            assert_true(fabs(out[c] - sine(0, c, 0)) < 1e-13);
    }
    resample_kernel_free(k);
    free(g.frame);
}

/* Full band between samples: near the ends too, where only the low part is exact. */
static void reads_between_samples(void **state)
{
    (void)state;
    struct resample_kernel *k = resample_kernel_new(32, 90);
    struct resample_grid low = make_grid(4800, 0.1, 60),
                         high = make_grid(4800, 0.1, 2000);
    double edge = 0, inner = 0;
    for (double at = 0; at < (double)low.count - 1; at += 0.013) {
        double x = resample_between(k, &low, 1, at) - sine(60, 1, at / 4800);
        double y = resample_between(k, &high, 1, at) - sine(2000, 1, at / 4800);
        edge = fmax(edge, fabs(x));
        if (at > 40 && at < (double)low.count - 41)
            inner = fmax(inner, fabs(y));
    }
    assert_true(edge < 3e-4);
    assert_true(inner < 1e-4);
    resample_kernel_free(k);
    free(low.frame);
    free(high.frame);
}

static void knows_the_sine(void **state)
{
    (void)state;
    for (double t = -3; t < 3; t += 0.00137)
        assert_true(fabs(resample_sin_turns(t) - sin(2 * M_PI * t)) < 4e-15);
    assert_true(resample_sin_turns(17) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_flat_to_the_20th_harmonic),
        cmocka_unit_test(lets_nothing_alias),
        cmocka_unit_test(thins_without_aliases),
        cmocka_unit_test(raises_slow_rates),
        cmocka_unit_test(is_exact_at_the_same_rate),
        cmocka_unit_test(keeps_dc),
        cmocka_unit_test(reads_between_samples),
        cmocka_unit_test(knows_the_sine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
