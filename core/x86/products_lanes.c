/* The sums of products with many samples side by side: the same sums as core/products.c,
 * in less than half of the time. Written with instructions of AVX2 and AVX-512, because
 * compilers add up each of the eighteen sums across its vector by itself, which takes
 * longer than the multiplications, and do what is left of a stretch one by one. */
#include "core/products.h"
#include "core/x86/lanes.h"

struct sums {
    lanes vi[3], vv[3], ii[3], vx[3]; /* 64 bits, every second product each */
    lanes v[3], i[3];                 /* 32 bits: at most 42 codes of 25 bits in all */
};

static inline void add_product(lanes *sum, lanes x, lanes y)
{
    *sum = add_64(*sum, add_64(multiply_even(x, y), multiply_even(odd(x), odd(y))));
}

static inline void add_phase(struct sums *s, int k, const lanes *left,
                             const lanes *right)
{
    add_product(&s->vi[k], left[k], right[3 + k]);
    add_product(&s->vv[k], left[k], right[k]);
    add_product(&s->ii[k], left[3 + k], right[3 + k]);
    add_product(&s->vx[k], left[k], right[k == 2 ? 0 : k + 1]);
    s->v[k] = add_32(s->v[k], left[k]);
    s->i[k] = add_32(s->i[k], left[3 + k]);
}

/* { Σx, Σy, Σz, 0 } */
static inline __m256i across_64(lanes x, lanes y, lanes z)
{
    const __m256i a = fold_64(x), b = fold_64(y), c = fold_64(z);
    const __m256i none = _mm256_setzero_si256();
    const __m256i ab =
        _mm256_add_epi64(_mm256_unpacklo_epi64(a, b), _mm256_unpackhi_epi64(a, b));
    const __m256i cc = _mm256_add_epi64(_mm256_unpacklo_epi64(c, none),
                                        _mm256_unpackhi_epi64(c, none));

    return _mm256_add_epi64(_mm256_permute2x128_si256(ab, cc, 0x20),
                            _mm256_permute2x128_si256(ab, cc, 0x31));
}

static inline __m256i across_32(lanes x, lanes y, lanes z)
{
    const __m256i xy = _mm256_hadd_epi32(fold_32(x), fold_32(y));
    const __m256i all =
        _mm256_hadd_epi32(xy, _mm256_hadd_epi32(fold_32(z), _mm256_setzero_si256()));

    return _mm256_cvtepi32_epi64(
        _mm_add_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1)));
}

static inline void store_three(int64_t *x, __m256i value)
{
    _mm256_maskstore_epi64((void *)x, _mm256_setr_epi64x(-1, -1, -1, 0), value);
}

static inline void add_across(struct products *p, const struct sums *s)
{
    store_three(p->vi, across_64(s->vi[0], s->vi[1], s->vi[2]));
    store_three(p->vv, across_64(s->vv[0], s->vv[1], s->vv[2]));
    store_three(p->ii, across_64(s->ii[0], s->ii[1], s->ii[2]));
    store_three(p->vx, across_64(s->vx[0], s->vx[1], s->vx[2]));
    store_three(p->v, across_32(s->v[0], s->v[1], s->v[2]));
    store_three(p->i, across_32(s->i[0], s->i[1], s->i[2]));
}

static inline void multiply(struct products *p, const struct block *left,
                            const struct block *right, int from, int to)
{
    struct sums s;

    for (int k = 0; k < 3; k++)
        s.vi[k] = s.vv[k] = s.ii[k] = s.vx[k] = s.v[k] = s.i[k] = zero();
    for (int n = from / WIDTH * WIDTH; n < to; n += WIDTH) {
        lanes l[HAL_CHANNELS], r[HAL_CHANNELS];
        for (int ch = 0; ch < HAL_CHANNELS; ch++) {
            l[ch] = load_part(&left->x[ch][n], from - n, to - n);
            r[ch] =
                left == right ? l[ch] : load_part(&right->x[ch][n], from - n, to - n);
        }
        for (int k = 0; k < 3; k++)
            add_phase(&s, k, l, r);
    }
    add_across(p, &s);
}

void products_of_stretch(struct products *p, const struct block *block, int from,
                         int to)
{
    multiply(p, block, block, from, to);
}

void products_weighted(struct products *p, const struct block *block, const uint16_t *w)
{
    struct block weighted;

    products_weigh(&weighted, block, w);
    multiply(p, &weighted, block, 0, BLOCK);
}
