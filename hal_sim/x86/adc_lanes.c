/* adc_kernels.c with AVX2's instructions: the same operations on each sample, the same
 * bits. Compilers shorten doubles to codes, and codes to doubles, by moves across the halves
 * of a vector; here none is needed. Numbers of noise are drawn in integer registers, where a
 * multiplication of 64 bits is one instruction (AVX2 makes it of six), while those drawn
 * before become codes in vector registers: the processor does both at once. */
#include "hal_sim/adc_kernels.h"
#include <immintrin.h>
#include <string.h>

typedef __m256d four; /* doubles */
typedef __m256i bits;

enum { FOUR = 4 };

static inline four each(double x)
{
    return _mm256_set1_pd(x);
}

static inline bits each_64(uint64_t x)
{
    return _mm256_set1_epi64x((int64_t)x);
}

/* A range, and what is added before. */
struct lanes {
    four offset, low, high;
};

static inline struct lanes lanes_of(const struct adc_span *s)
{
    return (struct lanes){ each(s->offset), each(s->low), each(s->high) };
}

/* A number that is none becomes `high`. */
static inline four within(four x, four low, four high)
{
    return _mm256_max_pd(_mm256_min_pd(x, high), low);
}

static inline four amplified(const double *x, const struct lanes *s)
{
    return within(_mm256_add_pd(_mm256_loadu_pd(x), s->offset), s->low, s->high);
}

/* The lower halves: with 1.5 · 2^52 a double has the place for no fraction. */
static inline void store_rounded(int32_t *code, four x)
{
    const __m256 y = _mm256_castpd_ps(_mm256_add_pd(x, each(6755399441055744.0)));

    _mm_storeu_ps((void *)code,
                  _mm_shuffle_ps(_mm256_castps256_ps128(y), _mm256_extractf128_ps(y, 1),
                                 _MM_SHUFFLE(2, 0, 2, 0)));
}

static inline void round_channel(const double *x, int n, const struct adc_span *span,
                                 int32_t *code)
{
    const struct lanes s = lanes_of(span);
    const int last = n - FOUR;

    for (int t = 0; t < last; t += FOUR)
        store_rounded(code + t, amplified(x + t, &s));
    store_rounded(code + last, amplified(x + last, &s)); /* overlaps those before it */
}

typedef void kernel(const double x[][WAVEFORM_BLOCK], int n,
                    const struct adc_span span[HAL_CHANNELS],
                    const struct adc_noise *noise, int32_t code[][WAVEFORM_BLOCK]);

static inline void round_all(const double x[][WAVEFORM_BLOCK], int n,
                             const struct adc_span span[HAL_CHANNELS],
                             const struct adc_noise *noise,
                             int32_t code[][WAVEFORM_BLOCK])
{
    (void)noise;
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        round_channel(x[ch], n, &span[ch], code[ch]);
}

/* Fewer samples than a kernel takes: with others, which nobody gets. */
static __attribute__((noinline)) void
with_others(kernel *all, const double x[][WAVEFORM_BLOCK], int n, int taken,
            const struct adc_span span[HAL_CHANNELS], const struct adc_noise *noise,
            int32_t code[][WAVEFORM_BLOCK])
{
    double few[HAL_CHANNELS][WAVEFORM_BLOCK] = { { 0 } };
    int32_t codes[HAL_CHANNELS][WAVEFORM_BLOCK];

    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        memcpy(few[ch], x[ch], (size_t)n * sizeof **x);
    all((const double(*)[WAVEFORM_BLOCK])few, taken, span, noise, codes);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        memcpy(code[ch], codes[ch], (size_t)n * sizeof **code);
}

void adc_kernel_round(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      int32_t code[][WAVEFORM_BLOCK])
{
    if (n < FOUR)
        with_others(round_all, x, n, FOUR, span, NULL, code);
    else
        round_all(x, n, span, NULL, code);
}

/* As random_bell_of(): the sums of two parts of 16 bits, then of both; a small number is
 * the end of 2^52's. */
static inline four bell_of(bits z)
{
    const bits odd =
        _mm256_setr_epi8(2, 3, -1, -1, 6, 7, -1, -1, 10, 11, -1, -1, 14, 15, -1, -1, 2,
                         3, -1, -1, 6, 7, -1, -1, 10, 11, -1, -1, 14, 15, -1, -1);
    const bits two = _mm256_add_epi32(_mm256_and_si256(z, _mm256_set1_epi32(0xFFFF)),
                                      _mm256_shuffle_epi8(z, odd));
    const bits all =
        _mm256_add_epi32(two, _mm256_shuffle_epi32(two, _MM_SHUFFLE(2, 3, 0, 1)));
    const bits image =
        _mm256_blend_epi32(all, each_64(UINT64_C(0x4330000000000000)), 0xAA);

    return _mm256_sub_pd(_mm256_castsi256_pd(image), each(0x1p52 + 2 * 65535));
}

/* How far numbers are drawn ahead: those that are taken have long been written. */
enum { AHEAD = 16, ROOM = WAVEFORM_BLOCK + AHEAD };

/* Noise as the codes need it, and what the next number is drawn with. */
struct drawing {
    four scale, least, most;
    uint64_t number;
    struct random_shifts by;
};

/* Shifts by a number in a register copy and shift in one step, if compilers do not see
 * which number. */
static inline struct drawing drawing_of(const struct adc_noise *noise)
{
    struct drawing d = { each(noise->scale), each(-noise->most), each(noise->most),
                         noise->state + RANDOM_STEP, random_shifts };

    __asm__("" : "+r"(d.by.first), "+r"(d.by.second), "+r"(d.by.third));
    return d;
}

/* The next number, in an integer register: of four that it sees a compiler makes a
 * vector. */
static inline uint64_t draw(struct drawing *d)
{
    const uint64_t z = d->number;

    d->number += ADC_NOISE_STEP;
    __asm__("" : "+r"(d->number));
    return random_mix_by(z, d->by);
}

/* Four codes of numbers that are drawn, between which the next four are. */
static inline void code_four(const double *x, const struct lanes *s,
                             const uint64_t *drawn, struct drawing *d, uint64_t *next,
                             int32_t *code)
{
    next[0] = draw(d);
    const four bell = bell_of(_mm256_loadu_si256((const void *)drawn));
    next[1] = draw(d);
    const four clean = amplified(x, s);
    next[2] = draw(d);
    const four sum = _mm256_add_pd(clean, _mm256_mul_pd(bell, d->scale));
    next[3] = draw(d);
    store_rounded(code, within(sum, d->least, d->most));
}

static void noisy_all(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      const struct adc_noise *noise, int32_t code[][WAVEFORM_BLOCK])
{
    struct drawing d = drawing_of(noise);
    uint64_t drawn[2][ROOM]; /* of one channel and the next */
    const int last = n - FOUR;

    for (int t = 0; t < AHEAD; t++)
        drawn[0][t] = draw(&d);
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        const struct lanes s = lanes_of(&span[ch]);
        uint64_t *own = drawn[ch % 2], *next = drawn[1 - ch % 2];
        int t = 0;

        for (; t + AHEAD < n; t += FOUR)
            code_four(x[ch] + t, &s, own + t, &d, own + t + AHEAD, code[ch] + t);
        d.number = noise->state + (uint64_t)(ch + 2) * RANDOM_STEP;
        for (int k = 0; k < AHEAD; k += FOUR) {
            const int at = t + k < last ? t + k : last; /* overlaps those before it */
            code_four(x[ch] + at, &s, own + at, &d, next + k, code[ch] + at);
        }
    }
}

void adc_kernel_noise(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      const struct adc_noise *noise, int32_t code[][WAVEFORM_BLOCK])
{
    if (n < AHEAD)
        with_others(noisy_all, x, n, AHEAD, span, noise, code);
    else
        noisy_all(x, n, span, noise, code);
}
