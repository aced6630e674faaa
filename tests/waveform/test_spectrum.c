/* Blocks against the closed form in long double. The reference takes the phase of every
 * sample from 128-bit integers (orders are 1024ths), so it is exact after any time. */
#include "waveform/base/random.h"
#include "waveform/spectrum.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TAU 6.283185307179586476925286766559006L

static uint64_t random_state;

static double random_unit(void)
{
    return random_share(&random_state);
}

/* x at sample n of a fundamental that has advanced 2·half per sample from phase 0. */
static long double exact(const struct lines *lines, struct turn half, uint64_t n,
                         int ch)
{
    unsigned __int128 theta = ((unsigned __int128)half.whole << 64 | half.frac) * 2 * n;
    long double x = 0;
    for (int k = 0; k < lines->count; k++) {
        const struct waveform_line *line = &lines->item[k];
        uint64_t frac = (uint64_t)(theta * (uint64_t)(line->order * 1024) >> 10);
        long double angle = TAU * ((long double)frac / 0x1p64L);
        long double wave =
            sqrtl(2) * (line->re[ch] * sinl(angle) + line->im[ch] * cosl(angle));
        x += line->order == 0 ? (long double)line->re[ch] : wave;
    }
    return x;
}

static double amplitude(const struct lines *lines, int ch)
{
    double sum = 0;
    for (int k = 0; k < lines->count; k++)
        sum += fabs(lines->item[k].re[ch]) + fabs(lines->item[k].im[ch]);
    return sum;
}

static void check_block(struct spectrum *s, const struct lines *lines, uint64_t first)
{
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    spectrum_block(s, turn_scale(s->half, 2 * first), x);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        for (unsigned k = 0; k < WAVEFORM_BLOCK; k++) {
            long double error = x[ch][k] - exact(lines, s->half, first + k, ch);
            if (!(fabsl(error) <= 1e-12L * amplitude(lines, ch)))
                fail_msg("channel %d, sample %llu: error %Lg", ch,
                         (unsigned long long)first + k, error);
        }
}

static void random_lines(struct lines *lines, int count)
{
    for (int k = 0; k < count; k++) {
        struct waveform_line line = { .order = k == 0 ? 1 : floor(random_unit() * 40) };
        if (k % 4 == 3)
            line.order += floor(random_unit() * 1024) / 1024;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
            if (random_unit() < 0.2)
                continue;
            line.re[ch] = 600 * random_unit() - 300;
            line.im[ch] = 600 * random_unit() - 300;
        }
        lines_add(lines, &line);
    }
}

static void test_blocks_are_the_closed_form(void **state)
{
    (void)state;
    random_state = 1;
    for (int world = 0; world < 40; world++) {
        struct lines lines = { 0 };
        struct spectrum s = { 0 };
        double hz = 45 + 20 * random_unit(), rate = 2520 * (1 + 1e-4 * random_unit());
        random_lines(&lines, 1 + world % 21);
        spectrum_set(&s, &lines, turn_from_ratio(hz, 2 * rate));
        check_block(&s, &lines, 0);
        check_block(&s, &lines, (uint64_t)(1e5 * random_unit()));
        check_block(&s, &lines, UINT64_C(42) * 1000000);
        check_block(&s, &lines, UINT64_C(2520) * 86400 * 365);
        spectrum_free(&s);
        lines_free(&lines);
    }
}

/* One spectrum that changes: growing, shrinking, other orders, other frequency. */
static void test_a_change_leaves_no_old_table(void **state)
{
    (void)state;
    struct spectrum s = { 0 };
    random_state = 2;
    for (int change = 0; change < 60; change++) {
        struct lines lines = { 0 };
        random_lines(&lines, 1 + change * 7 % 25);
        spectrum_set(&s, &lines, turn_from_ratio(50 + change % 3, 5040));
        check_block(&s, &lines, 123456);
        lines_free(&lines);
    }
    spectrum_free(&s);
}

static void test_an_empty_spectrum_is_zero(void **state)
{
    (void)state;
    static double x[WAVEFORM_CHANNELS][WAVEFORM_BLOCK];
    struct spectrum s = { 0 };
    struct lines none = { 0 };
    spectrum_set(&s, &none, turn_from_ratio(60, 5040));
    memset(x, 0xff, sizeof x);
    spectrum_block(&s, (struct turn){ 0, 0 }, x);
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        for (int k = 0; k < WAVEFORM_BLOCK; k++)
            assert_true(x[ch][k] == 0);
    spectrum_free(&s);
}

static void test_lines_of_one_order_add_as_phasors(void **state)
{
    (void)state;
    struct lines lines = { 0 };
    lines_add_phasor(&lines, 5, WAVEFORM_VB, 10, 0);
    lines_add_phasor(&lines, 3, WAVEFORM_VB, 1, 0);
    lines_add_phasor(&lines, 5, WAVEFORM_VB, 10, UINT64_C(1) << 62);
    assert_int_equal(lines.count, 2);
    assert_true(lines.item[0].re[WAVEFORM_VB] == 10);
    assert_true(lines.item[0].im[WAVEFORM_VB] == 10);
    lines_free(&lines);
}

/* sin(−5θ + 90°) = sin(5θ + 90°), sin(−5θ) = −sin 5θ. */
static void test_a_negative_order_is_mirrored(void **state)
{
    (void)state;
    struct lines lines = { 0 };
    struct waveform_line line = { .order = -5, .re = { 3 }, .im = { 4 } };
    lines_add(&lines, &line);
    assert_true(lines.count == 1 && lines.item[0].order == 5);
    assert_true(lines.item[0].re[0] == -3 && lines.item[0].im[0] == 4);
    lines_free(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks_are_the_closed_form),
        cmocka_unit_test(test_a_change_leaves_no_old_table),
        cmocka_unit_test(test_an_empty_spectrum_is_zero),
        cmocka_unit_test(test_lines_of_one_order_add_as_phasors),
        cmocka_unit_test(test_a_negative_order_is_mirrored),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
