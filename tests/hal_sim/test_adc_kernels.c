/* Every version of the ADC's kernels gives the codes that plain arithmetic gives: random
 * samples, ties, rails, numbers that are none, every length of a block. */
#include "hal_sim/adc_kernels.h"
#include "waveform/base/random.h"
#include "waveform/waveform.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

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

static void compare(round_version *round, noise_version *noisy)
{
    const struct adc_span span = { .offset = 1234.5, .low = -8.1e6, .high = 8.2e6 };

    for (int n = 1; n < ROUNDS; n++) {
        struct adc_noise noise = { random_next(&dice), n / 40000.0, 8388607 };
        double x[BLOCK];
        int32_t code[BLOCK], loud[BLOCK];
        draw_samples(x);
        round(x, 1 + n % BLOCK, &span, code);
        noisy(x, 1 + n % BLOCK, &span, &noise, loud);
        for (int t = 0; t <= n % BLOCK; t++) {
            const double amplified = clip(x[t] + span.offset, span.low, span.high);
            const double bell = random_bell_of(random_mix(noise.state));
            const double sum = amplified + bell * noise.scale;
            noise.state += 6 * RANDOM_STEP;
            assert_int_equal(code[t], (int32_t)rint(amplified));
            assert_int_equal(loud[t], (int32_t)rint(clip(sum, -8388607, 8388607)));
        }
    }
}

static void test_what_the_program_has_chosen(void **state)
{
    (void)state;
    compare(adc_kernel_round, adc_kernel_noise);
}

#ifdef HAS_VERSIONS

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
}

static void test_avx512(void **state)
{
    (void)state;
    __builtin_cpu_init();
    if (versions_avx512())
        compare(adc_kernel_round_avx512, adc_kernel_noise_avx512);
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
