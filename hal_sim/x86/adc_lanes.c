/* adc_kernels.c with AVX2's instructions: the same operations on each sample, the same
 * bits. Compilers shorten doubles to codes by moves across the halves of a vector, and make
 * one number of noise after the other, each a chain of thirty steps; here codes come by one
 * such move for eight, and sixteen numbers go through their steps side by side. */
#include "hal_sim/adc_kernels.h"
#include <immintrin.h>
#include <string.h>

typedef __m256d four; /* doubles */
typedef __m256i bits;

enum { EIGHT = 8, SOME = 16, VECTORS = SOME / 4 };

static inline four each(double x)
{
    return _mm256_set1_pd(x);
}

static inline bits each_64(uint64_t x)
{
    return _mm256_set1_epi64x((int64_t)x);
}

/* A number that is none becomes `high`. */
static inline four within(four x, double low, double high)
{
    return _mm256_max_pd(_mm256_min_pd(x, each(high)), each(low));
}

static inline four amplified(const double *x, const struct adc_span *s)
{
    return within(_mm256_add_pd(_mm256_loadu_pd(x), each(s->offset)), s->low, s->high);
}

/* The lower halves: with 1.5 · 2^52 a double has the place for no fraction. */
static inline void store_rounded(int32_t *code, four a, four b)
{
    const four place = each(6755399441055744.0);
    const __m256 low = _mm256_shuffle_ps(_mm256_castpd_ps(_mm256_add_pd(a, place)),
                                         _mm256_castpd_ps(_mm256_add_pd(b, place)),
                                         _MM_SHUFFLE(2, 0, 2, 0));
    const bits codes =
        _mm256_permute4x64_epi64(_mm256_castps_si256(low), _MM_SHUFFLE(3, 1, 2, 0));

    _mm256_storeu_si256((void *)code, codes);
}

static inline void round_eight(const double *x, const struct adc_span *s, int32_t *code)
{
    store_rounded(code, amplified(x, s), amplified(x + 4, s));
}

static inline void round_channel(const double *x, int n, const struct adc_span *s,
                                 int32_t *code)
{
    for (int t = 0; t + EIGHT <= n; t += EIGHT)
        round_eight(x + t, s, code + t);
    round_eight(x + n - EIGHT, s, code + n - EIGHT); /* overlaps those before it */
}

/* Fewer than a vector: with others, which nobody gets. */
static __attribute__((noinline)) void round_few(const double *x, int n,
                                                const struct adc_span *s, int32_t *code)
{
    double few[EIGHT] = { 0 };
    int32_t codes[EIGHT];

    memcpy(few, x, (size_t)n * sizeof *x);
    round_eight(few, s, codes);
    memcpy(code, codes, (size_t)n * sizeof *code);
}

void adc_kernel_round(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      int32_t code[][WAVEFORM_BLOCK])
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        if (n < EIGHT)
            round_few(x[ch], n, &span[ch], code[ch]);
        else
            round_channel(x[ch], n, &span[ch], code[ch]);
}

/* Times a constant, modulo 2^64: three products of 32 bits each. */
static inline void multiply(bits z[VECTORS], uint64_t by)
{
    const bits low = each_64(by & 0xFFFFFFFF), high = each_64(by >> 32);
    bits upper[VECTORS], cross[VECTORS];

    for (int k = 0; k < VECTORS; k++)
        upper[k] = _mm256_shuffle_epi32(z[k], _MM_SHUFFLE(3, 3, 1, 1));
    for (int k = 0; k < VECTORS; k++)
        cross[k] = _mm256_add_epi64(_mm256_mul_epu32(z[k], high),
                                    _mm256_mul_epu32(upper[k], low));
    for (int k = 0; k < VECTORS; k++)
        z[k] = _mm256_add_epi64(_mm256_mul_epu32(z[k], low),
                                _mm256_slli_epi64(cross[k], 32));
}

static inline void fold(bits z[VECTORS], int by)
{
    for (int k = 0; k < VECTORS; k++)
        z[k] = _mm256_xor_si256(z[k], _mm256_srli_epi64(z[k], by));
}

/* As random_mix(). */
static inline void mix(bits z[VECTORS])
{
    fold(z, 30);
    multiply(z, 0xBF58476D1CE4E5B9u);
    fold(z, 27);
    multiply(z, 0x94D049BB133111EBu);
    fold(z, 31);
}

/* The sums of two parts of 16 bits, each less 2^15. */
static inline __m256 pairs(bits z)
{
    return _mm256_castsi256_ps(_mm256_madd_epi16(
        _mm256_xor_si256(z, _mm256_set1_epi16(INT16_MIN)), _mm256_set1_epi16(1)));
}

/* As random_bell_of() of eight numbers; four times 2^15 are two more than it takes off. */
static inline bits bells(bits a, bits b)
{
    const __m256 x = pairs(a), y = pairs(b);
    const __m256 even = _mm256_shuffle_ps(x, y, _MM_SHUFFLE(2, 0, 2, 0));
    const __m256 odd = _mm256_shuffle_ps(x, y, _MM_SHUFFLE(3, 1, 3, 1));
    const bits sum =
        _mm256_add_epi32(_mm256_castps_si256(even), _mm256_castps_si256(odd));

    return _mm256_permute4x64_epi64(_mm256_add_epi32(sum, _mm256_set1_epi32(2)),
                                    _MM_SHUFFLE(3, 1, 2, 0));
}

static inline four noisy(const double *x, __m128i bell, const struct adc_span *s,
                         const struct adc_noise *noise)
{
    const four drawn = _mm256_mul_pd(_mm256_cvtepi32_pd(bell), each(noise->scale));

    return within(_mm256_add_pd(amplified(x, s), drawn), -noise->most, noise->most);
}

/* With the numbers from `number` on. */
static inline void some_noisy(const double *x, uint64_t number,
                              const struct adc_span *s, const struct adc_noise *noise,
                              int32_t *code)
{
    const uint64_t step = ADC_NOISE_STEP;
    const bits four_numbers = _mm256_add_epi64(
        each_64(number),
        _mm256_setr_epi64x(0, (int64_t)step, (int64_t)(2 * step), (int64_t)(3 * step)));
    bits z[VECTORS];

    for (int k = 0; k < VECTORS; k++)
        z[k] = _mm256_add_epi64(four_numbers, each_64(4 * (uint64_t)k * step));
    mix(z);
    for (int k = 0; k < SOME; k += EIGHT) {
        const bits bell = bells(z[k / 4], z[k / 4 + 1]);
        const __m128i upper = _mm256_extracti128_si256(bell, 1);
        store_rounded(code + k, noisy(x + k, _mm256_castsi256_si128(bell), s, noise),
                      noisy(x + k + 4, upper, s, noise));
    }
}

static inline void noisy_channel(const double *x, int n, uint64_t number,
                                 const struct adc_span *s,
                                 const struct adc_noise *noise, int32_t *code)
{
    const int last = n - SOME;

    for (int t = 0; t < last; t += SOME)
        some_noisy(x + t, number + (uint64_t)t * ADC_NOISE_STEP, s, noise, code + t);
    some_noisy(x + last, number + (uint64_t)last * ADC_NOISE_STEP, s, noise,
               code + last);
}

static __attribute__((noinline)) void noisy_few(const double *x, int n, uint64_t number,
                                                const struct adc_span *s,
                                                const struct adc_noise *noise,
                                                int32_t *code)
{
    double few[SOME] = { 0 };
    int32_t codes[SOME];

    memcpy(few, x, (size_t)n * sizeof *x);
    some_noisy(few, number, s, noise, codes);
    memcpy(code, codes, (size_t)n * sizeof *code);
}

void adc_kernel_noise(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      const struct adc_noise *noise, int32_t code[][WAVEFORM_BLOCK])
{
    const struct adc_noise own = *noise;
    uint64_t number = own.state;

    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        number += RANDOM_STEP;
        if (n < SOME)
            noisy_few(x[ch], n, number, &span[ch], &own, code[ch]);
        else
            noisy_channel(x[ch], n, number, &span[ch], &own, code[ch]);
    }
}
