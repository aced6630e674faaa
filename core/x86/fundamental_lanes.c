/* fundamental_block with the six channels side by side, groups of them in a row: the same
 * operations in the same order of bits as core/fundamental.c, in a quarter of the time.
 * Written with instructions of AVX2, because no compiler finds the two that matter: the
 * products of 16-bit halves, two at once, and the transposition of samples, which come
 * channel by channel. */
#include "core/fundamental.h"
#include "core/fundamental_taps.h"
#include "core/x86/lanes.h"

/* A vector of the channels. */
typedef __m256i set;

/* The six of them, and nothing behind them. */
static inline void store_set(int32_t *x, set value)
{
    _mm_storeu_si128((void *)x, _mm256_castsi256_si128(value));
    _mm_storel_epi64((void *)(x + 4), _mm256_extracti128_si256(value, 1));
}

static inline __m128i four(const int32_t *x)
{
    return _mm_loadu_si128((const void *)x);
}

/* The four samples of two channels from x and y on, codes ÷ 4. */
static inline set pair(const int32_t *x, const int32_t *y)
{
    const set both = _mm256_castsi128_si256(four(x));

    return _mm256_srai_epi32(_mm256_inserti128_si256(both, four(y), 1), 2);
}

static inline __m128i single(const int32_t *x)
{
    return _mm_srai_epi32(four(x), 2);
}

/* Samples n…n+3 of all channels, codes ÷ 4, one vector a sample. */
static inline void transpose(set x[4], const struct block *b, int n)
{
    const set ae = pair(&b->x[0][n], &b->x[4][n]);
    const set bf = pair(&b->x[1][n], &b->x[5][n]);
    const __m128i c = single(&b->x[2][n]), d = single(&b->x[3][n]);
    const set ab = _mm256_unpacklo_epi32(ae, bf), ab2 = _mm256_unpackhi_epi32(ae, bf);
    const set cd = _mm256_zextsi128_si256(_mm_unpacklo_epi32(c, d));
    const set cd2 = _mm256_zextsi128_si256(_mm_unpackhi_epi32(c, d));

    x[0] = _mm256_unpacklo_epi64(ab, cd);
    x[1] = _mm256_unpackhi_epi64(ab, cd);
    x[2] = _mm256_unpacklo_epi64(ab2, cd2);
    x[3] = _mm256_unpackhi_epi64(ab2, cd2);
}

/* As `struct integrators` of core/fundamental.c, with the last of every sixth sums. */
struct integrators {
    set once, twice, thrice;
    set at[4]; /* [3] is the newest */
    int count;
};

/* The sum of group j comes with sample 6j + 15 of the stream. */
static inline void integrate(struct fundamental *f, struct integrators *s, set x)
{
    const int after = s->count - 3, group = after / GROUP - 2;

    s->count++;
    s->once = _mm256_add_epi32(s->once, x);
    s->twice = _mm256_add_epi32(s->twice, s->once);
    s->thrice = _mm256_add_epi32(s->thrice, s->twice);
    if (after % GROUP != 0)
        return;
    for (int k = 0; k < 3; k++)
        s->at[k] = s->at[k + 1];
    s->at[3] = s->thrice;
    if (group < 0)
        return;
    const set step = _mm256_sub_epi32(s->at[2], s->at[1]);
    const set steps = _mm256_add_epi32(step, _mm256_add_epi32(step, step));
    store_set(f->sum[FUNDAMENTAL_AHEAD + GROUPS + group],
              _mm256_sub_epi32(_mm256_sub_epi32(s->at[3], s->at[0]), steps));
}

/* As sum_groups() of core/fundamental.c: the last five samples of a block, the next block,
 * and the first five after it. Parts of four overlap where a block's end is no multiple of
 * four. All of it is unrolled, so that nothing but the groups' sums is stored. */
static inline void sum_groups(struct fundamental *f,
                              struct block *const seen[ACQUIRE_SEEN])
{
    struct integrators s = { 0 };
    set x[4];

    transpose(x, seen[2], BLOCK - 8);
    integrate(f, &s, x[3]);
    transpose(x, seen[2], BLOCK - 4);
    for (int k = 0; k < 4; k++)
        integrate(f, &s, x[k]);
#pragma GCC unroll 16
    for (int n = 0; n + 4 <= BLOCK; n += 4) {
        transpose(x, seen[1], n);
        for (int k = 0; k < 4; k++)
            integrate(f, &s, x[k]);
    }
    transpose(x, seen[1], BLOCK - 4);
    integrate(f, &s, x[2]);
    integrate(f, &s, x[3]);
    transpose(x, seen[0], 0);
    for (int k = 0; k < 4; k++)
        integrate(f, &s, x[k]);
    transpose(x, seen[0], 4);
    integrate(f, &s, x[0]);
}

/* Sums of products of 16-bit halves, those of the lower and the upper half of each lane in
 * turn: of the first two of four lanes, and of the last two. */
struct halves {
    lanes first, last;
};

/* The lower half of each lane less 2^15, which makes it a number with a sign. */
static inline lanes split(lanes x)
{
    return flip(x, each_32(1 << 15));
}

/* Two taps at once: half as many multiplications as of 32 bits. */
static inline void add_products(struct halves *s, lanes x, lanes y, int32_t tap_x,
                                int32_t tap_y)
{
    const lanes taps = each_32((tap_x & 0xFFFF) | (int32_t)((uint32_t)tap_y << 16));

    s->first = add_32(s->first, multiply_pairs(first_halves(x, y), taps));
    s->last = add_32(s->last, multiply_pairs(last_halves(x, y), taps));
}

/* (upper · 2^16 + lower + whole · 2^15) ÷ 2^19, rounded, where the lower halves lack
 * lack · 2^16. All in 32 bits: what is dropped of the sum of the lower ones is dropped of
 * the whole in the end. */
static inline lanes output(struct halves s, lanes whole, int32_t lack)
{
    const lanes lower = even_of(s.first, s.last), upper = odd_of(s.first, s.last);
    const lanes half_bit = right(left(whole, 31), 16);
    const lanes rest = add_32(lower, add_32(half_bit, each_32(1 << (OUTPUT_BITS - 1))));
    const lanes sum = add_32(add_32(upper, signed_right(whole, 1)),
                             add_32(signed_right(rest, 16), each_32(lack)));

    return signed_right(sum, OUTPUT_BITS - 16);
}

/* What the lower halves lack: 2^15 × the sum of their taps. */
static inline int32_t missing(const int32_t tap[TAPS], int32_t less)
{
    int32_t sum = -less;

    for (int m = 1; m < TAPS; m++)
        sum += tap[m];
    return sum / 2;
}

/* One tap of each filter is 2^15 or near it, which a half can't hold: its sum enters as a
 * whole, and the tap as what is left of it. The taps' sizes add up to 57 246 and 52 688, so
 * that sums of their products with halves, up to 2^15 each, stay below 2^31. */
enum { ROW = HAL_CHANNELS, OUTPUTS = GROUPS * ROW, WHOLE = 1 << 15 };

/* Outputs `at`…at + WIDTH - 1 of all groups in a row. */
static inline void filter(struct fundamental *f, int at)
{
    const int32_t *x = f->sum[FUNDAMENTAL_AHEAD + 1] + at;
    struct halves u0 = { zero(), zero() }, u90 = u0;
    lanes even[TAPS], odd[TAPS], second = zero();

#pragma GCC unroll 8
    for (int m = 1; m < TAPS; m++) {
        const lanes before = load(x - m * ROW), after = load(x + m * ROW);
        const lanes difference = subtract_32(before, after);
        even[m] = split(add_32(before, after));
        odd[m] = split(difference);
        second = m == 2 ? difference : second;
    }
    add_products(&u0, even[1], even[2], tap0[1], tap0[2]);
    add_products(&u0, even[3], even[4], tap0[3], tap0[4]);
    add_products(&u0, even[5], even[6], tap0[5], tap0[6]);
    add_products(&u90, odd[1], odd[2], tap90[1], tap90[2] - WHOLE);
    add_products(&u90, odd[3], odd[4], tap90[3], tap90[4]);
    add_products(&u90, odd[5], odd[6], tap90[5], tap90[6]);
    store(f->u0[2] + at, output(u0, load(x), missing(tap0, 0)));
    store(f->u90[2] + at, output(u90, second, missing(tap90, WHOLE)));
}

/* What is left after whole vectors: two outputs by themselves, which other units do
 * meanwhile; more of them as one more vector, which overlaps those before it. */
static inline void filter_rest(struct fundamental *f)
{
    enum { REST = OUTPUTS % WIDTH, LAST = GROUPS - 1 };
    const int32_t(*x)[HAL_CHANNELS] =
        (const int32_t(*)[HAL_CHANNELS]) & f->sum[FUNDAMENTAL_AHEAD + 1 + LAST];

    if (REST > 2)
        filter(f, OUTPUTS - WIDTH);
    else
        for (int ch = HAL_CHANNELS - REST; ch < HAL_CHANNELS; ch++)
            fundamental_filter(x, ch, f->u0[2 + LAST], f->u90[2 + LAST]);
}

/* The first three of four lanes of 64 bits. By halves: stores with a mask take as long as
 * twenty others on some processors. */
static inline void store_three(int64_t *x, set value)
{
    _mm_storeu_si128((void *)x, _mm256_castsi256_si128(value));
    _mm_storel_epi64((void *)(x + 2), _mm256_extracti128_si256(value, 1));
}

static inline void add_three(int64_t *x, set value)
{
    const __m128i two = _mm_loadu_si128((const void *)x);
    const set three = _mm256_inserti128_si256(
        _mm256_castsi128_si256(two), _mm_loadl_epi64((const void *)(x + 2)), 1);

    store_three(x, _mm256_add_epi64(value, three));
}

static inline void add_frequency(struct fundamental *f)
{
    set num = _mm256_setzero_si256(), den = num;

#pragma GCC unroll 8
    for (int j = 1; j <= GROUPS; j++) {
        const __m128i sides = _mm_add_epi32(four(f->u0[j - 1]), four(f->u0[j + 1]));
        const set here = _mm256_cvtepi32_epi64(_mm_srai_epi32(four(f->u0[j]), F_BITS));
        const set beside = _mm256_cvtepi32_epi64(_mm_srai_epi32(sides, F_BITS));
        num = _mm256_add_epi64(num, _mm256_mul_epi32(here, beside));
        den = _mm256_add_epi64(den, _mm256_mul_epi32(here, here));
    }
    add_three(f->num, num);
    add_three(f->den, den);
}

static inline set product(const int32_t *x, const int32_t *y)
{
    return _mm256_mul_epi32(_mm256_cvtepi32_epi64(four(x)),
                            _mm256_cvtepi32_epi64(four(y)));
}

/* AVX2 has no arithmetic shift of 64 bits: what is shifted is made positive by 2^62. */
static inline void multiply(struct fundamental *f)
{
    const set half = _mm256_set1_epi64x((INT64_C(1) << 62) + (1 << (Q_BITS - 1)));
    const set back = _mm256_set1_epi64x(INT64_C(1) << (62 - Q_BITS));

#pragma GCC unroll 8
    for (int j = 0; j < GROUPS; j++) {
        const int32_t *u0 = f->u0[1 + j], *u90 = f->u90[1 + j];
        const set q = _mm256_sub_epi64(product(u90, u0 + 3), product(u0, u90 + 3));
        store_three(f->q[j],
                    _mm256_sub_epi64(
                        _mm256_srli_epi64(_mm256_add_epi64(q, half), Q_BITS), back));
    }
}

/* x[0…count-1] are those of a block later. */
static inline void move(int32_t *x, int count)
{
    for (int k = 0; k + WIDTH <= count; k += WIDTH)
        store(x + k, load(x + OUTPUTS + k));
    store(x + count - WIDTH, load(x + OUTPUTS + count - WIDTH));
}

/* Two groups. */
static inline void move_two(int32_t *x)
{
    for (int k = 0; k < 2 * ROW; k += 4)
        _mm_storeu_si128((void *)(x + k), four(x + OUTPUTS + k));
}

void fundamental_block(struct fundamental *f, struct block *const seen[ACQUIRE_SEEN])
{
    move(f->sum[0], (FUNDAMENTAL_AHEAD + GROUPS) * ROW);
    move_two(f->u0[0]);
    move_two(f->u90[0]);
    sum_groups(f, seen);
    for (int at = 0; at + WIDTH <= OUTPUTS; at += WIDTH)
        filter(f, at);
    filter_rest(f);
    add_frequency(f);
    multiply(f);
}
