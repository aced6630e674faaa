/* Every version of the kernels of CT cores gives the bits of the plain one, every version of
 * the ADC's the codes that plain arithmetic gives: random
 * samples, ties, rails, numbers that are none, every length of a block. */
#include "hal_sim/adc_kernels.h"
#include "waveform/base/random.h"
#include "waveform/waveform.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#ifdef HAS_VERSIONS
#include "hal_sim/x86/versions.h"
#endif

enum { BLOCK = WAVEFORM_BLOCK, ROUNDS = 500 };

typedef __typeof__(adc_kernel_round) round_version;
typedef __typeof__(adc_kernel_noise) noise_version;

static uint64_t dice = 5;

static void draw_samples(double x[BLOCK])
{
    for (int t = 0; t < BLOCK; t++)
        x[t] = floor((random_share(&dice) - 0.5) * 4e7) / (t % 3 ? 2 : 1000);
    x[random_next(&dice) % BLOCK] = NAN;
    x[random_next(&dice) % BLOCK] = -INFINITY;
}

static double clip(double x, double low, double high)
{
    return isnan(x) || x > high ? high : x < low ? low : x;
}

static struct adc_span draw_span(void)
{
    return (struct adc_span){ .offset = 1234.5 * random_share(&dice),
                              .low = -8.1e6 * random_share(&dice),
                              .high = 8.2e6 * random_share(&dice) };
}

/* The codes of the samples and no others. */
static void compare_block(round_version *round, noise_version *noisy, int n,
                          struct adc_noise noise)
{
    struct adc_span span[HAL_CHANNELS];
    double x[HAL_CHANNELS][BLOCK];
    int32_t code[HAL_CHANNELS][BLOCK] = { { 0 } },
            loud[HAL_CHANNELS][BLOCK] = { { 0 } };

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        span[ch] = draw_span();
        draw_samples(x[ch]);
    }
    round((const double(*)[BLOCK])x, n, span, code);
    noisy((const double(*)[BLOCK])x, n, span, &noise, loud);
    for (int t = 0; t < BLOCK; t++)
        for (int ch = 0; ch < HAL_CHANNELS; ch++) {
            const struct adc_span *s = &span[ch];
            const double amplified = clip(x[ch][t] + s->offset, s->low, s->high);
            const double sum = amplified + random_bell(&noise.state) * noise.scale;
            const bool given = t < n;
            assert_int_equal(code[ch][t], given ? (int32_t)rint(amplified) : 0);
            assert_int_equal(loud[ch][t],
                             given ? (int32_t)rint(clip(sum, -8388607, 8388607)) : 0);
        }
}

static void compare(round_version *round, noise_version *noisy)
{
    for (int n = 1; n < ROUNDS; n++)
        compare_block(round, noisy, 1 + n % BLOCK,
                      (struct adc_noise){ random_next(&dice), n / 40000.0, 8388607 });
}

static void test_what_the_program_has_chosen(void **state)
{
    (void)state;
    compare(adc_kernel_round, adc_kernel_noise);
}

#ifdef HAS_VERSIONS

/* One to three cores, far beyond the knee, in pieces of any length. */
static void compare_cores(__typeof__(ct_core_kernel) *kernel)
{
    struct ct_core plain[3], other[3];
    struct ct_core *one[3], *two[3];
    double x[3][BLOCK], y[3][BLOCK], *in[3] = { x[0], x[1], x[2] },
                                     *out[3] = { y[0], y[1], y[2] };

    memset(plain, 0, sizeof plain);
    for (int k = 0; k < 3; k++) {
        ct_core_prepare(&plain[k], 0.2 + 0.3 * k, 0.01 * (k + 1), 0.1 * k, 5e6);
        other[k] = plain[k];
        one[k] = &plain[k];
        two[k] = &other[k];
    }
    for (int n = 1; n < ROUNDS; n++) {
        for (int k = 0; k < 3 * BLOCK; k++)
            x[k / BLOCK][k % BLOCK] = 4 * random_share(&dice) - 2;
        memcpy(y, x, sizeof x);
        ct_core_kernel_plain(one, 1 + n % 3, 1 + n % BLOCK, in);
        kernel(two, 1 + n % 3, 1 + n % BLOCK, out);
        assert_memory_equal(x, y, sizeof x);
        for (int k = 0; k < 3; k++) {
            assert_true(plain[k].r == other[k].r);
            assert_memory_equal(plain[k].last, other[k].last, sizeof plain[k].last);
        }
    }
}

static void test_plain(void **state)
{
    (void)state;
    compare(adc_kernel_round_plain, adc_kernel_noise_plain);
}

static void test_avx2(void **state)
{
    (void)state;
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2"))
        compare(adc_kernel_round_avx2, adc_kernel_noise_avx2);
    if (__builtin_cpu_supports("avx2"))
        compare_cores(ct_core_kernel_avx2);
}

static void test_avx512(void **state)
{
    (void)state;
    __builtin_cpu_init();
    if (versions_avx512())
        compare(adc_kernel_round_avx512, adc_kernel_noise_avx512);
    if (versions_avx512())
        compare_cores(ct_core_kernel_avx512);
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_the_program_has_chosen),
#ifdef HAS_VERSIONS
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_avx2),
        cmocka_unit_test(test_avx512),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
