/* Vectors of 32-bit integers, as wide as the instruction set that a file is compiled for:
 * 16 lanes with AVX-512, 8 with AVX2. */
#pragma once

#include <immintrin.h>
#include <stdint.h>

#ifdef __AVX512F__

enum { WIDTH = 16 };
typedef __m512i lanes;

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

/* Lanes `from`…`to` - 1 of x[0…WIDTH-1], the others 0 and not read. */
static inline lanes load_part(const int32_t *x, int from, int to)
{
    const uint32_t below = to < WIDTH ? (1u << to) - 1 : 0xFFFF;
    const uint32_t above = from > 0 ? 0xFFFFu << from : 0xFFFF;

    return _mm512_maskz_loadu_epi32((__mmask16)(below & above), x);
}

/* The two halves added, as four sums of 64 bits or eight of 32. */
static inline __m256i fold_64(lanes x)
{
    return _mm256_add_epi64(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
}

static inline __m256i fold_32(lanes x)
{
    return _mm256_add_epi32(_mm512_castsi512_si256(x), _mm512_extracti64x4_epi64(x, 1));
}

#else

enum { WIDTH = 8 };
typedef __m256i lanes;

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

/* The odd lanes in the place of the even ones. */
static inline lanes odd(lanes x)
{
    return _mm256_srli_epi64(x, 32);
}

/* 64-bit products of the even lanes. */
static inline lanes multiply_even(lanes x, lanes y)
{
    return _mm256_mul_epi32(x, y);
}

static inline lanes load_part(const int32_t *x, int from, int to)
{
    static const int32_t edge[3 * WIDTH] = {
        0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0,
    };
    const int32_t *above = &edge[WIDTH - (from > 0 ? from : 0)];
    const int32_t *below = &edge[2 * WIDTH - (to < WIDTH ? to : WIDTH)];
    const lanes mask = _mm256_and_si256(_mm256_loadu_si256((const void *)above),
                                        _mm256_loadu_si256((const void *)below));

    return _mm256_maskload_epi32((const int *)x, mask);
}

static inline __m256i fold_64(lanes x)
{
    return x;
}

static inline __m256i fold_32(lanes x)
{
    return x;
}

#endif
