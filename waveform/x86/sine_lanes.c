/* kernel_sin_cos of line_kernels.c with AVX2's instructions: the same operations on each
 * element, the same bits. A sine is a chain of thirty steps, so that two vectors of them go
 * side by side, if the compiler takes steps of both in turn (CMakeLists.txt). */
#include "waveform/base/constants.h"
#include "waveform/base/turn_polynomials.h"
#include "waveform/kernels.h"
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

TURN_POLYNOMIALS(four, each, sines_near_0, cosines_near_0)

/* A signed number in two's complement, rounded once: the halves become doubles by their
 * bits, 2^52 + the lower one and 2^84 + 2^63 + the upper one, exact until they are added. */
static inline four to_doubles(bits x)
{
    const bits low = _mm256_blend_epi32(x, each_64(UINT64_C(0x4330000000000000)), 0xAA);
    const bits high = _mm256_xor_si256(_mm256_srli_epi64(x, 32),
                                       each_64(UINT64_C(0x4530000080000000)));

    return (_mm256_castsi256_pd(high) - each(0x1p84 + 0x1p63 + 0x1p52)) +
           _mm256_castsi256_pd(low);
}

/* The two upper bits, after an eighth, count quarters of a turn. */
static inline void sin_cos(bits angle, double *sine, double *cosine)
{
    const bits quarters = _mm256_add_epi64(angle, each_64(UINT64_C(1) << 61));
    const bits whole = _mm256_and_si256(quarters, each_64(UINT64_C(3) << 62));
    const four y =
        to_doubles(_mm256_sub_epi64(angle, whole)) * each(2 * PI / TWO_TO_64);
    const four zz = y * y;
    const four s = sines_near_0(y, zz), c = cosines_near_0(zz);
    const four negative = _mm256_and_pd(_mm256_castsi256_pd(quarters), each(-0.0));
    const four sign = _mm256_or_pd(each(1), negative);
    const four odd = _mm256_castsi256_pd(_mm256_add_epi64(quarters, quarters));
    const four quarter_sin = _mm256_blendv_pd(each(0), sign, odd);
    const four quarter_cos = _mm256_blendv_pd(sign, each(0), odd);

    _mm256_storeu_pd(sine, s * quarter_cos + c * quarter_sin);
    _mm256_storeu_pd(cosine, c * quarter_cos - s * quarter_sin);
}

static inline bits load_angles(const uint64_t *frac)
{
    return _mm256_loadu_si256((const void *)frac);
}

/* Two vectors, from two places. Not inlined: in a loop GCC would copy all constants to the
 * stack before it. */
static __attribute__((noinline)) void
sin_cos_twice(const uint64_t *frac, int at, int other, double *sine, double *cosine)
{
    const bits a = load_angles(frac + at), b = load_angles(frac + other);

    sin_cos(a, sine + at, cosine + at);
    sin_cos(b, sine + other, cosine + other);
}

static void sin_cos_of_few(const uint64_t *frac, int n, double *sine, double *cosine)
{
    uint64_t few[FOUR] = { 0 };
    double s[FOUR], c[FOUR];

    memcpy(few, frac, (size_t)n * sizeof *few);
    sin_cos(load_angles(few), s, c);
    memcpy(sine, s, (size_t)n * sizeof *s);
    memcpy(cosine, c, (size_t)n * sizeof *c);
}

/* What is left after whole vectors is made as one more of them, which begins earlier. */
void kernel_sin_cos(const uint64_t *restrict frac, int n, double *restrict sine,
                    double *restrict cosine)
{
    const int last = n - FOUR;
    int k = 0;

    if (n < FOUR) {
        sin_cos_of_few(frac, n, sine, cosine);
        return;
    }
    for (; k < last; k += 2 * FOUR)
        sin_cos_twice(frac, k, k + FOUR < last ? k + FOUR : last, sine, cosine);
    if (k < n)
        sin_cos(load_angles(frac + last), sine + last, cosine + last);
}
