/* See adc_kernels.h. */
#include "hal_sim/adc_kernels.h"
#include "waveform/waveform.h"

/* A number that is none becomes `high`: codes always lie in their range. */
static inline double within(double x, double low, double high)
{
    x = x < high ? x : high;
    return x > low ? x : low;
}

/* The addition of the magic number, 1.5 · 2^52, rounds to nearest even without a call. */
static inline int32_t round_even(double x)
{
    const double magic = 6755399441055744.0;

    return (int32_t)((x + magic) - magic);
}

void adc_kernel_round(const double *restrict x, int n, const struct adc_span *span,
                      int32_t *restrict code)
{
    const struct adc_span s = *span;

    for (int t = 0; t < n; t++)
        code[t] = round_even(within(x[t] + s.offset, s.low, s.high));
}

/* Of a block, in whole vectors, so that no number is left to be made by itself. */
enum { BELLS = 48 };
_Static_assert((int)BELLS >= (int)WAVEFORM_BLOCK, "of a whole block");

void adc_kernel_noise(const double *restrict x, int n, const struct adc_span *span,
                      const struct adc_noise *noise, int32_t *restrict code)
{
    const struct adc_span s = *span;
    const struct adc_noise z = *noise;
    double bell[BELLS];

    for (uint64_t t = 0; t < BELLS; t++)
        bell[t] = random_bell_of(random_mix(z.state + t * ADC_NOISE_STEP)) * z.scale;
    for (int t = 0; t < n; t++) {
        const double sum = within(x[t] + s.offset, s.low, s.high) + bell[t];
        code[t] = round_even(within(sum, -z.most, z.most));
    }
}
