/* See adc_kernels.h. */
#include "hal_sim/adc_kernels.h"
#include <string.h>

/* A number that is none becomes `high`: codes always lie in their range. */
static inline double within(double x, double low, double high)
{
    x = x < high ? x : high;
    return x > low ? x : low;
}

/* To the nearest, even where two are as near, without a call: with 1.5 · 2^52 a double
 * has the place for no fraction, and its lower half is the number in two's complement. */
static inline int32_t round_even(double x)
{
    const double sum = x + 6755399441055744.0;
    uint64_t image;

    memcpy(&image, &sum, sizeof image);
    return (int32_t)(uint32_t)image;
}

static inline void round_some(const double *restrict x, int n,
                              const struct adc_span *span, int32_t *restrict code)
{
    const struct adc_span s = *span;

    for (int t = 0; t < n; t++)
        code[t] = round_even(within(x[t] + s.offset, s.low, s.high));
}

/* What is left after whole vectors is made as one more of them, which begins earlier. */
enum { VECTOR = 16 };

void adc_kernel_round(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      int32_t code[][WAVEFORM_BLOCK])
{
    const int whole = n / VECTOR * VECTOR, last = n - VECTOR;

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        round_some(x[ch], last < 0 ? n : whole, &span[ch], code[ch]);
        if (last >= 0)
            round_some(x[ch] + last, VECTOR, &span[ch], code[ch] + last);
    }
}

/* random_bell_of, two of the four numbers at once, and a double without a conversion: a
 * small number is the end of 2^52's. */
static inline double bell_of(uint64_t r)
{
    const uint64_t each = UINT64_C(0x0000FFFF0000FFFF);
    const uint64_t two = (r & each) + (r >> 16 & each);
    const uint64_t image =
        ((two + (two >> 32)) & 0xFFFFFFFF) | UINT64_C(0x4330000000000000);
    double sum;

    memcpy(&sum, &image, sizeof sum);
    return sum - (0x1p52 + 2 * 65535);
}

static inline void noisy(const double *restrict x, int n, const struct adc_span *span,
                         const struct adc_noise *noise, uint64_t number,
                         int32_t *restrict code)
{
    const struct adc_span s = *span;
    const struct adc_noise z = *noise;

    for (int t = 0; t < n; t++, number += ADC_NOISE_STEP) {
        const double bell = bell_of(random_mix(number)) * z.scale;
        const double sum = within(x[t] + s.offset, s.low, s.high) + bell;
        code[t] = round_even(within(sum, -z.most, z.most));
    }
}

void adc_kernel_noise(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      const struct adc_noise *noise, int32_t code[][WAVEFORM_BLOCK])
{
    const int whole = n / VECTOR * VECTOR, last = n - VECTOR;

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        const uint64_t first = noise->state + (uint64_t)(ch + 1) * RANDOM_STEP;
        noisy(x[ch], last < 0 ? n : whole, &span[ch], noise, first, code[ch]);
        if (last >= 0)
            noisy(x[ch] + last, VECTOR, &span[ch], noise,
                  first + (uint64_t)last * ADC_NOISE_STEP, code[ch] + last);
    }
}
