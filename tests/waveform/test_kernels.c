/* Every version of a kernel gives the bits of the plain one, and these are the bits of the
 * functions of one value, where there are such: random values, every length of a block. */
#include "waveform/base/random.h"
#include "waveform/kernels.h"
#include "waveform/truth.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifdef HAS_VERSIONS
#include "waveform/x86/versions.h"
#endif

enum { BLOCK = WAVEFORM_BLOCK, ROUNDS = 400, LINES = 23 };

static uint64_t dice = 4;

static double draw(double low, double high)
{
    return low + (high - low) * random_share(&dice);
}

static void draw_all(double *x, int n)
{
    for (int k = 0; k < n; k++)
        x[k] = draw(-1e7, 1e7);
}

struct kernels {
    __typeof__(kernel_sin_cos) *sin_cos;
    __typeof__(kernel_lines) *lines;
    __typeof__(kernel_wave) *wave;
    __typeof__(kernel_add_wave) *add_wave;
    __typeof__(kernel_scale) *scale;
    __typeof__(kernel_times) *times;
    __typeof__(kernel_sun) *sun;
    __typeof__(kernel_ramp) *ramp;
    __typeof__(kernel_truth) *truth;
    __typeof__(kernel_view) *view;
};

#define KERNELS(suffix)                                                                \
    {                                                                                  \
        kernel_sin_cos##suffix, kernel_lines##suffix, kernel_wave##suffix,             \
            kernel_add_wave##suffix, kernel_scale##suffix, kernel_times##suffix,       \
            kernel_sun##suffix, kernel_ramp##suffix, kernel_truth##suffix,             \
            kernel_view##suffix                                                        \
    }

static const struct kernels chosen = KERNELS();

/* At quarters, on either side of where the next one begins, and anywhere. */
static uint64_t draw_angle(int n)
{
    const uint64_t eighth = (uint64_t)(n % 8) << 61;

    return n % 3 == 0 ? eighth + random_next(&dice) % 5 - 2 : random_next(&dice);
}

static void compare_sin_cos(const struct kernels *k)
{
    for (int round = 0; round < ROUNDS; round++) {
        const int n = round % (BLOCK + 1);
        uint64_t angle[BLOCK];
        double sine[BLOCK], cosine[BLOCK];
        for (int t = 0; t < n; t++)
            angle[t] = draw_angle(t);
        k->sin_cos(angle, n, sine, cosine);
        for (int t = 0; t < n; t++) {
            double s, c;
            turn_sin_cos(angle[t], &s, &c);
            assert_memory_equal(&s, &sine[t], sizeof s);
            assert_memory_equal(&c, &cosine[t], sizeof c);
        }
    }
}

/* Random lines behind DC: on all channels, or half of them on each and none on the last. */
static void draw_spectrum(struct spectrum *s, int count, bool all)
{
    struct lines lines = { 0 };

    for (int n = 0; n <= count; n++) {
        struct waveform_line line = { .order = n % 5 == 4 ? n + 0.3 : n };
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            if (all || ((n + ch) % 2 && ch < WAVEFORM_CHANNELS - 1))
                line.re[ch] = draw(-1e4, 1e4);
        lines_add(&lines, &line);
    }
    spectrum_set(s, &lines, turn_from_ratio(draw(45, 65), 2 * 2520));
    lines_free(&lines);
}

static void compare_lines(const struct kernels *k, const struct kernels *plain)
{
    struct spectrum s = { 0 };
    double x[WAVEFORM_CHANNELS][BLOCK], y[WAVEFORM_CHANNELS][BLOCK];

    for (int round = 0; round < 4 * LINES; round++) {
        draw_spectrum(&s, round / 2 % LINES, round % 2);
        spectrum_block(&s, (struct turn){ 0, random_next(&dice) }, x); /* the sines */
        plain->lines(&s, x);
        k->lines(&s, y);
        assert_memory_equal(x, y, sizeof x);
    }
    spectrum_free(&s);
}

static void compare_waves(const struct kernels *k, const struct kernels *plain)
{
    double in[4][BLOCK], x[2][BLOCK], y[2][BLOCK];

    for (int round = 0; round < ROUNDS; round++) {
        const int n = 1 + round % BLOCK;
        const double a = draw(-2, 2), b = draw(-2, 2);
        draw_all(*in, 4 * BLOCK);
        plain->wave(in[0], in[1], a, b, x[0], x[1]);
        k->wave(in[0], in[1], a, b, y[0], y[1]);
        assert_memory_equal(x, y, sizeof x);
        plain->add_wave(in[0], in[1], in[2], a, b, n, x[0]);
        k->add_wave(in[0], in[1], in[2], a, b, n, y[0]);
        plain->scale(in[3], a, n, x[1]);
        k->scale(in[3], a, n, y[1]);
        assert_memory_equal(x, y, sizeof x);
    }
}

static void compare_times(const struct kernels *k)
{
    for (int n = 1; n <= BLOCK; n++) {
        const double begin_s = draw(0, 1e7), rate = draw(2000, 3000);
        const int64_t sample = (int64_t)(random_next(&dice) >> 20) - 5;
        double t[BLOCK];
        k->times(begin_s, sample, rate, n, t);
        for (int m = 0; m < n; m++) {
            const double here = begin_s + (double)(sample + m) / rate;
            assert_memory_equal(&here, &t[m], sizeof here);
        }
    }
}

/* Times about the beginning, sunrise, noon and half-way to it, sunset and midnight; days of
 * no end, too. */
static void compare_drives(const struct kernels *k)
{
    for (int round = 0; round < ROUNDS; round++) {
        const int n = 1 + round % BLOCK;
        const double day = round % 2 ? 86400 : 0, step = round % 3 ? 1 / 2520.0 : 900;
        const struct load_drive sun = { .kind = LOAD_DRIVE_SUN,
                                        .start_s = draw(0, 100),
                                        .rise_s = 21600,
                                        .set_s = 64800,
                                        .day_s = day,
                                        .clock_s = draw(0, 86400) };
        const struct load_drive car = { .kind = LOAD_DRIVE_CHARGE,
                                        .start_s = sun.start_s,
                                        .ramp_s = draw(1e6, 2e6),
                                        .hold_s = 5,
                                        .time_constant_s = 60 };
        static const double of_day[] = { 21600, 32400, 43200, 54000, 64800, 86400 };
        const double centre = round % 7 == 6
                                  ? sun.start_s
                                  : sun.start_s + of_day[round % 7] - sun.clock_s;
        double t[BLOCK], value[2][BLOCK];
        for (int m = 0; m < n; m++)
            t[m] = centre + (m - n / 2) * step;
        k->sun(&sun, t, n, value[0]);
        k->ramp(&car, t, n, value[1]);
        for (int m = 0; m < n; m++) {
            const double here[2] = { load_drive_value(&sun, t[m]),
                                     load_drive_value(&car, t[m]) };
            assert_memory_equal(&here[0], &value[0][m], sizeof *here);
            assert_memory_equal(&here[1], &value[1][m], sizeof *here);
        }
    }
}

static void compare_truth(const struct kernels *k, const struct kernels *plain)
{
    double in[3 * WAVEFORM_PHASES + 3][BLOCK];
    struct kernel_elements e = { .weight = in[9], .sine = in[10], .cosine = in[11] };
    double x[KERNEL_SUMS][KERNEL_ELEMENTS], y[KERNEL_SUMS][KERNEL_ELEMENTS];

    for (int phase = 0; phase < WAVEFORM_PHASES; phase++) {
        e.v[phase] = in[phase];
        e.i[phase] = in[3 + phase];
        e.vll[phase] = in[6 + phase];
    }
    for (int n = 1; n <= BLOCK; n++) {
        draw_all(*in, sizeof in / sizeof(double));
        draw_all(*x, sizeof x / sizeof(double));
        memcpy(y, x, sizeof x);
        plain->truth(&e, n, x);
        k->truth(&e, n, y);
        assert_memory_equal(x, y, sizeof x);
    }
}

/* Many samples at once are the samples one by one, in every wiring. */
static void test_truth_of_many_samples(void **state)
{
    (void)state;
    for (int wiring = 0; wiring < WAVEFORM_WIRINGS; wiring++)
        for (int n = 1; n <= BLOCK; n++) {
            struct truth_sums one = { .v2 = { 1, 2, 3 }, .vll2 = { 4, 5, 6 } };
            struct truth_sums many = one;
            struct truth_samples s;
            draw_all(*s.x, sizeof s / sizeof(double));
            for (int k = 0; k < n; k++) {
                double x[WAVEFORM_CHANNELS];
                for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                    x[ch] = s.x[ch][k];
                truth_add_sample(&one, (enum waveform_wiring)wiring, x, s.sine[k],
                                 s.cosine[k], s.weight[k]);
            }
            truth_add_samples(&many, (enum waveform_wiring)wiring, n, &s);
            assert_memory_equal(&one, &many, sizeof one);
        }
}

static void compare_view(const struct kernels *k, const struct kernels *plain)
{
    double gain[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS];
    double x[WAVEFORM_CHANNELS][BLOCK], y[WAVEFORM_CHANNELS][BLOCK];

    for (int n = 1; n <= BLOCK; n++) {
        draw_all(*gain, WAVEFORM_CHANNELS * WAVEFORM_CHANNELS);
        for (int none = n % 7; none < WAVEFORM_CHANNELS; none += 2)
            gain[n % WAVEFORM_CHANNELS][none] = 0;
        draw_all(*x, WAVEFORM_CHANNELS * BLOCK);
        memcpy(y, x, sizeof x);
        plain->view((const double(*)[WAVEFORM_CHANNELS])gain, n, x);
        k->view((const double(*)[WAVEFORM_CHANNELS])gain, n, y);
        assert_memory_equal(x, y, sizeof x);
    }
}

static void compare(const struct kernels *k, const struct kernels *plain)
{
    compare_sin_cos(k);
    compare_lines(k, plain);
    compare_waves(k, plain);
    compare_times(k);
    compare_drives(k);
    compare_truth(k, plain);
    compare_view(k, plain);
}

static void test_what_the_program_has_chosen(void **state)
{
    (void)state;
    compare(&chosen, &chosen);
}

#ifdef HAS_VERSIONS

static const struct kernels plain = KERNELS(_plain);

static void test_plain(void **state)
{
    (void)state;
    compare(&plain, &chosen);
}

static void test_avx2(void **state)
{
    static const struct kernels avx2 = KERNELS(_avx2);

    (void)state;
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        compare(&avx2, &plain);
}

static void test_avx512(void **state)
{
    static const struct kernels avx512 = KERNELS(_avx512);

    (void)state;
    __builtin_cpu_init();
    if (versions_avx512())
        compare(&avx512, &plain);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_the_program_has_chosen),
        cmocka_unit_test(test_truth_of_many_samples),
#ifdef HAS_VERSIONS
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_avx2),
        cmocka_unit_test(test_avx512),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
