/* Vectors of 32-bit integers, as wide as the instruction set that a file is compiled for:
 * 16 lanes with AVX-512, 8 with AVX2. */
#pragma once

#include <immintrin.h>
#include <stdint.h>

#ifdef __AVX512F__

enum { WIDTH = 16 };
typedef __m512i lanes;

#define OP(name)      _mm512_##name
#define BITS_OP(name) _mm512_##name##_si512
#define FLOATS(x)     _mm512_castsi512_ps(x)

static inline lanes zero(void)
{
    return _mm512_setzero_si512();
}

static inline lanes load(const int32_t *x)
{
    return _mm512_loadu_si512(x);
}

static inline void store(int32_t *x, lanes value)
{
    _mm512_storeu_si512(x, value);
}

/* Numbers of 16 bits without a sign. */
static inline lanes load_16(const uint16_t *x)
{
    return _mm512_cvtepu16_epi32(_mm256_loadu_si256((const void *)x));
}

static inline lanes each_32(int32_t x)
{
    return _mm512_set1_epi32(x);
}

static inline lanes each_64(int64_t x)
{
    return _mm512_set1_epi64(x);
}

static inline lanes subtract_32(lanes x, lanes y)
{
    return _mm512_sub_epi32(x, y);
}

/* 32 bits of each sum from bit `bits` on, of the even lanes and of the odd ones. */
static inline lanes merge(lanes even, lanes odd, unsigned bits)
{
    return _mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even, bits),
                                   _mm512_slli_epi64(odd, 32 - bits));
}

static inline lanes add_32(lanes x, lanes y)
{
    return _mm512_add_epi32(x, y);
}

static inline lanes add_64(lanes x, lanes y)
{
    return _mm512_add_epi64(x, y);
}

/* The odd lanes in the place of the even ones. */
static inline lanes odd(lanes x)
{
    return _mm512_srli_epi64(x, 32);
}

/* 64-bit products of the even lanes. */
static inline lanes multiply_even(lanes x, lanes y)
{
    return _mm512_mul_epi32(x, y);
}

/* Lanes `from`…`to` - 1 of x[0…WIDTH-1], the others 0. */
static inline lanes load_part(const int32_t *x, int from, int to)
{
    const uint32_t all = 0xFFFF, before = from > 0 ? (uint32_t)from : 0;
    const uint32_t some = _bzhi_u32(all, (uint32_t)to) & ~_bzhi_u32(all, before);

    return _mm512_maskz_loadu_epi32((__mmask16)some, x);
}

/* The sum of the 64-bit lanes. */
static inline int64_t across(lanes x)
{
    return _mm512_reduce_add_epi64(x);
}

/* Its four parts of 128 bits added, as 32-bit lanes. */
static inline __m128i parts(lanes x)
{
    const __m256i two =
        _mm256_add_epi32(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));

    return _mm_add_epi32(_mm256_castsi256_si128(two), _mm256_extracti128_si256(two, 1));
}

/* Neighbours added, and those of y beside those of x: three steps make of eight vectors
 * one of their sums. */
static inline lanes fold_quarters(lanes x, lanes y)
{
    return _mm512_add_epi64(_mm512_shuffle_i64x2(x, y, 0x88),
                            _mm512_shuffle_i64x2(x, y, 0xDD));
}

static inline lanes fold_pairs(lanes x, lanes y)
{
    return _mm512_add_epi64(_mm512_unpacklo_epi64(x, y), _mm512_unpackhi_epi64(x, y));
}

/* The sums of eight vectors of 64-bit lanes. */
static inline void store_across(int64_t *to, const lanes x[8])
{
    const lanes four = fold_quarters(fold_pairs(x[0], x[1]), fold_pairs(x[2], x[3]));
    const lanes more = fold_quarters(fold_pairs(x[4], x[5]), fold_pairs(x[6], x[7]));

    _mm512_storeu_si512(to, fold_quarters(four, more));
}

#else

enum { WIDTH = 8 };
typedef __m256i lanes;

#define OP(name)      _mm256_##name
#define BITS_OP(name) _mm256_##name##_si256
#define FLOATS(x)     _mm256_castsi256_ps(x)

static inline lanes zero(void)
{
    return _mm256_setzero_si256();
}

static inline lanes load(const int32_t *x)
{
    return _mm256_loadu_si256((const void *)x);
}

static inline void store(int32_t *x, lanes value)
{
    _mm256_storeu_si256((void *)x, value);
}

static inline lanes load_16(const uint16_t *x)
{
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const void *)x));
}

static inline lanes each_32(int32_t x)
{
    return _mm256_set1_epi32(x);
}

static inline lanes each_64(int64_t x)
{
    return _mm256_set1_epi64x(x);
}

static inline lanes subtract_32(lanes x, lanes y)
{
    return _mm256_sub_epi32(x, y);
}

/* 32 bits of each sum from bit `bits` on, of the even lanes and of the odd ones. */
static inline lanes merge(lanes even, lanes odd, unsigned bits)
{
    return _mm256_blend_epi32(_mm256_srli_epi64(even, (int)bits),
                              _mm256_slli_epi64(odd, (int)(32 - bits)), 0xAA);
}

static inline lanes add_32(lanes x, lanes y)
{
    return _mm256_add_epi32(x, y);
}

static inline lanes add_64(lanes x, lanes y)
{
    return _mm256_add_epi64(x, y);
}

/* The odd lanes in the place of the even ones. Not by a shift, which fewer units do. */
static inline lanes odd(lanes x)
{
    return _mm256_shuffle_epi32(x, _MM_SHUFFLE(3, 3, 1, 1));
}

/* 64-bit products of the even lanes. */
static inline lanes multiply_even(lanes x, lanes y)
{
    return _mm256_mul_epi32(x, y);
}

/* Loads with a mask take some processors as long as four others. */
static inline lanes load_part(const int32_t *x, int from, int to)
{
    static const int32_t edge[3 * WIDTH] = {
        0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0,
    };
    const lanes above = load(&edge[WIDTH - (from > 0 ? from : 0)]);
    const lanes below = load(&edge[2 * WIDTH - (to < WIDTH ? to : WIDTH)]);

    return _mm256_and_si256(load(x), _mm256_and_si256(above, below));
}

/* Neighbours added, and those of y beside those of x. */
static inline lanes fold_pairs(lanes x, lanes y)
{
    return _mm256_add_epi64(_mm256_unpacklo_epi64(x, y), _mm256_unpackhi_epi64(x, y));
}

/* Halves added, and those of y beside those of x. In three steps: a move across the halves
 * of two vectors takes some processors eight. */
static inline lanes fold_halves(lanes x, lanes y)
{
    const lanes low = _mm256_inserti128_si256(x, _mm256_castsi256_si128(y), 1);
    const lanes high = _mm256_inserti128_si256(y, _mm256_extracti128_si256(x, 1), 0);

    return _mm256_add_epi64(low, high);
}

/* The sum of the 64-bit lanes. */
static inline int64_t across(lanes x)
{
    const lanes pairs = fold_pairs(x, x);
    const __m128i sum = _mm_add_epi64(_mm256_castsi256_si128(pairs),
                                      _mm256_extracti128_si256(pairs, 1));

    return _mm_cvtsi128_si64(sum);
}

/* Its two parts of 128 bits added, as 32-bit lanes. */
static inline __m128i parts(lanes x)
{
    return _mm_add_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
}

/* The sums of eight vectors of 64-bit lanes. */
static inline void store_across(int64_t *to, const lanes x[8])
{
    for (int k = 0; k < 8; k += 4)
        store((int32_t *)(void *)(to + k),
              fold_halves(fold_pairs(x[k], x[k + 1]), fold_pairs(x[k + 2], x[k + 3])));
}

#endif

/* The bits of x that are set in y flipped. */
static inline lanes flip(lanes x, lanes y)
{
    return BITS_OP(xor)(x, y);
}

/* Of each four lanes those of x and y in turn, the first two with the last two added. */
static inline lanes fold_32(lanes x, lanes y)
{
    return add_32(OP(unpacklo_epi32)(x, y), OP(unpackhi_epi32)(x, y));
}

/* The 16-bit halves of x and y in turn, of the first two and the last two of four lanes. */
static inline lanes first_halves(lanes x, lanes y)
{
    return OP(unpacklo_epi16)(x, y);
}

static inline lanes last_halves(lanes x, lanes y)
{
    return OP(unpackhi_epi16)(x, y);
}

/* The sums of six vectors of 32-bit lanes, which fit into 32 bits. */
static inline void store_six(int64_t *to, const lanes x[6])
{
    const lanes two = fold_32(x[0], x[1]), more = fold_32(x[2], x[3]);
    const lanes sums =
        add_32(OP(unpacklo_epi64)(two, more), OP(unpackhi_epi64)(two, more));
    const __m128i rest = parts(fold_32(x[4], x[5]));

    _mm256_storeu_si256((void *)to, _mm256_cvtepi32_epi64(parts(sums)));
    _mm_storeu_si128((void *)(to + 4),
                     _mm_cvtepi32_epi64(_mm_add_epi32(rest, _mm_srli_si128(rest, 8))));
}

/* In each lane the sum of the products of its halves. */
static inline lanes multiply_pairs(lanes x, lanes y)
{
    return OP(madd_epi16)(x, y);
}

/* Lanes 0 and 2, or 1 and 3, of x and of y. */
static inline lanes even_of(lanes x, lanes y)
{
    return BITS_OP(castps)(
        OP(shuffle_ps)(FLOATS(x), FLOATS(y), _MM_SHUFFLE(2, 0, 2, 0)));
}

static inline lanes odd_of(lanes x, lanes y)
{
    return BITS_OP(castps)(
        OP(shuffle_ps)(FLOATS(x), FLOATS(y), _MM_SHUFFLE(3, 1, 3, 1)));
}

static inline lanes left(lanes x, int bits)
{
    return OP(slli_epi32)(x, bits);
}

static inline lanes right(lanes x, int bits)
{
    return OP(srli_epi32)(x, bits);
}

static inline lanes signed_right(lanes x, int bits)
{
    return OP(srai_epi32)(x, bits);
}

#undef OP
#undef BITS_OP
#undef FLOATS
