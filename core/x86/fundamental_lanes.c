/* fundamental_block with the six channels side by side in a vector of eight: the same
 * operations in the same order of bits as core/fundamental.c, in a quarter of the time.
 * Written with instructions of AVX2, because no compiler finds the two that matter: a
 * multiplication of 32 by 32 bits for every second lane, and the transposition of
 * samples, which come channel by channel. */
#include "core/fundamental.h"
#include "core/fundamental_taps.h"
#include <immintrin.h>

typedef __m256i lanes;

static inline lanes load(const int32_t *x)
{
    return _mm256_loadu_si256((const void *)x);
}

static inline void store(int32_t *x, lanes value)
{
    _mm256_storeu_si256((void *)x, value);
}

static inline __m128i four(const int32_t *x)
{
    return _mm_loadu_si128((const void *)x);
}

/* Samples n…n+3 of all channels, codes ÷ 4, one vector a sample. */
static inline void transpose(lanes x[4], const struct block *b, int n)
{
    const lanes ae = _mm256_inserti128_si256(_mm256_castsi128_si256(four(&b->x[0][n])),
                                             four(&b->x[4][n]), 1);
    const lanes bf = _mm256_inserti128_si256(_mm256_castsi128_si256(four(&b->x[1][n])),
                                             four(&b->x[5][n]), 1);
    const lanes c = _mm256_zextsi128_si256(four(&b->x[2][n]));
    const lanes d = _mm256_zextsi128_si256(four(&b->x[3][n]));
    const lanes ab = _mm256_unpacklo_epi32(ae, bf), cd = _mm256_unpacklo_epi32(c, d);
    const lanes ab2 = _mm256_unpackhi_epi32(ae, bf), cd2 = _mm256_unpackhi_epi32(c, d);

    x[0] = _mm256_srai_epi32(_mm256_unpacklo_epi64(ab, cd), 2);
    x[1] = _mm256_srai_epi32(_mm256_unpackhi_epi64(ab, cd), 2);
    x[2] = _mm256_srai_epi32(_mm256_unpacklo_epi64(ab2, cd2), 2);
    x[3] = _mm256_srai_epi32(_mm256_unpackhi_epi64(ab2, cd2), 2);
}

enum { STREAM = BLOCK + 2 * FUNDAMENTAL_REACH };

/* The last five samples of a block, the next block, and the first five after it. Parts
 * of four overlap where a block's end is no multiple of four. */
static inline void transpose_stream(lanes x[STREAM],
                                    struct block *const seen[ACQUIRE_SEEN])
{
    lanes end[4];

    transpose(end, seen[2], BLOCK - 8);
    x[0] = end[3];
    transpose(&x[1], seen[2], BLOCK - 4);
#pragma GCC unroll 16
    for (int n = 0; n + 4 <= BLOCK; n += 4)
        transpose(&x[FUNDAMENTAL_REACH + n], seen[1], n);
    transpose(end, seen[1], BLOCK - 4);
    x[FUNDAMENTAL_REACH + BLOCK - 2] = end[2];
    x[FUNDAMENTAL_REACH + BLOCK - 1] = end[3];
    transpose(&x[FUNDAMENTAL_REACH + BLOCK], seen[0], 0);
    transpose(end, seen[0], 4);
    x[STREAM - 1] = end[0];
}

/* As integrate() and sum_groups() of core/fundamental.c. */
static inline void sum_groups(struct fundamental *f,
                              struct block *const seen[ACQUIRE_SEEN])
{
    lanes x[STREAM], at[GROUPS + 3];
    lanes once = _mm256_setzero_si256(), twice = once, thrice = once;

    transpose_stream(x, seen);
    at[0] = thrice;
#pragma GCC unroll 64
    for (int n = 0; n < STREAM; n++) {
        once = _mm256_add_epi32(once, x[n]);
        twice = _mm256_add_epi32(twice, once);
        thrice = _mm256_add_epi32(thrice, twice);
        if (n % GROUP == 3)
            at[1 + n / GROUP] = thrice;
    }
#pragma GCC unroll 8
    for (int j = 0; j < GROUPS; j++) {
        const lanes step = _mm256_sub_epi32(at[j + 2], at[j + 1]);
        const lanes steps = _mm256_add_epi32(step, _mm256_add_epi32(step, step));
        store(f->sum[FUNDAMENTAL_AHEAD + GROUPS + j],
              _mm256_sub_epi32(_mm256_sub_epi32(at[j + 3], at[j]), steps));
    }
}

/* 64-bit sums of the even and the odd lanes. */
struct wide_sum {
    lanes even, odd;
};

static inline void add_product(struct wide_sum *s, lanes x, int32_t tap)
{
    const lanes t = _mm256_set1_epi32(tap);

    s->even = _mm256_add_epi64(s->even, _mm256_mul_epi32(x, t));
    s->odd = _mm256_add_epi64(s->odd, _mm256_mul_epi32(_mm256_srli_epi64(x, 32), t));
}

/* The sums ÷ 2^OUTPUT_BITS, of which 32 bits are left. */
static inline lanes output(const struct wide_sum *s)
{
    return _mm256_blend_epi32(_mm256_srli_epi64(s->even, OUTPUT_BITS),
                              _mm256_slli_epi64(s->odd, 32 - OUTPUT_BITS), 0xAA);
}

static inline void filter(struct fundamental *f, int j)
{
    const int32_t(*x)[LANES] =
        (const int32_t(*)[LANES]) & f->sum[FUNDAMENTAL_AHEAD + 1 + j];
    const lanes half = _mm256_set1_epi64x(1 << (OUTPUT_BITS - 1));
    struct wide_sum u0 = { half, half }, u90 = u0;

    add_product(&u0, load(x[0]), tap0[0]);
#pragma GCC unroll 8
    for (int m = 1; m < TAPS; m++) {
        const lanes left = load(x[-m]), right = load(x[m]);
        add_product(&u0, _mm256_add_epi32(left, right), tap0[m]);
        add_product(&u90, _mm256_sub_epi32(left, right), tap90[m]);
    }
    store(f->u0[2 + j], output(&u0));
    store(f->u90[2 + j], output(&u90));
}

static inline lanes three(void)
{
    return _mm256_setr_epi64x(-1, -1, -1, 0);
}

static inline void store_three(int64_t *x, lanes value)
{
    _mm256_maskstore_epi64((void *)x, three(), value);
}

static inline void add_three(int64_t *x, lanes value)
{
    store_three(x, _mm256_add_epi64(value, _mm256_maskload_epi64((void *)x, three())));
}

static inline void add_frequency(struct fundamental *f)
{
    lanes num = _mm256_setzero_si256(), den = num;

#pragma GCC unroll 8
    for (int j = 1; j <= GROUPS; j++) {
        const __m128i sides = _mm_add_epi32(four(f->u0[j - 1]), four(f->u0[j + 1]));
        const lanes here =
            _mm256_cvtepi32_epi64(_mm_srai_epi32(four(f->u0[j]), F_BITS));
        const lanes beside = _mm256_cvtepi32_epi64(_mm_srai_epi32(sides, F_BITS));
        num = _mm256_add_epi64(num, _mm256_mul_epi32(here, beside));
        den = _mm256_add_epi64(den, _mm256_mul_epi32(here, here));
    }
    add_three(f->num, num);
    add_three(f->den, den);
}

static inline lanes product(const int32_t *x, const int32_t *y)
{
    return _mm256_mul_epi32(_mm256_cvtepi32_epi64(four(x)),
                            _mm256_cvtepi32_epi64(four(y)));
}

/* AVX2 has no arithmetic shift of 64 bits: what is shifted is made positive by 2^62. */
static inline void multiply(struct fundamental *f)
{
    const lanes half = _mm256_set1_epi64x((INT64_C(1) << 62) + (1 << (Q_BITS - 1)));
    const lanes back = _mm256_set1_epi64x(INT64_C(1) << (62 - Q_BITS));

#pragma GCC unroll 8
    for (int j = 0; j < GROUPS; j++) {
        const int32_t *u0 = f->u0[1 + j], *u90 = f->u90[1 + j];
        const lanes q = _mm256_sub_epi64(product(u90, u0 + 3), product(u0, u90 + 3));
        store_three(f->q[j],
                    _mm256_sub_epi64(
                        _mm256_srli_epi64(_mm256_add_epi64(q, half), Q_BITS), back));
    }
}

void fundamental_block(struct fundamental *f, struct block *const seen[ACQUIRE_SEEN])
{
    for (int j = 0; j < FUNDAMENTAL_AHEAD + GROUPS; j++)
        store(f->sum[j], load(f->sum[j + GROUPS]));
    for (int j = 0; j < 2; j++) {
        store(f->u0[j], load(f->u0[j + GROUPS]));
        store(f->u90[j], load(f->u90[j + GROUPS]));
    }
    sum_groups(f, seen);
    for (int j = 0; j < GROUPS; j++)
        filter(f, j);
    add_frequency(f);
    multiply(f);
}
