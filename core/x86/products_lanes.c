/* The sums of products with many samples side by side: the same sums as core/products.c,
 * in less than half of the time. Written with instructions of AVX2 and AVX-512, because
 * compilers add up each of the eighteen sums across its vector by itself, which takes
 * longer than the multiplications, and do what is left of a stretch one by one. */
#include "core/products.h"
#include "core/x86/lanes.h"

/* Lanes of nine sums: those of the three phases of three kinds. Of the second nine the
 * last six are of 32 bits: the sums of 42 codes of 25 bits fit. */
enum { KINDS = 3, SUMS = 3 * KINDS };

static inline void clear(lanes sum[SUMS])
{
    for (int k = 0; k < SUMS; k++)
        sum[k] = zero();
}

static inline void store_sums(void *to, const lanes sum[SUMS])
{
    int64_t *nine = to;

    store_across(nine, sum);
    nine[SUMS - 1] = across(sum[SUMS - 1]);
}

static inline void store_rest(void *to, const lanes sum[SUMS])
{
    int64_t *nine = to;

    for (int k = 0; k < 3; k++)
        nine[k] = across(sum[k]);
    store_six(nine + 3, sum + 3);
}

static inline void add_product(lanes *sum, lanes x, lanes y)
{
    *sum = add_64(*sum, add_64(multiply_even(x, y), multiply_even(odd(x), odd(y))));
}

/* Where a vector begins that holds sample n and those after it: at the end of a block it has
 * others in front. */
static inline int begin(int n)
{
    return n < BLOCK - WIDTH ? n : BLOCK - WIDTH;
}

/* Samples n…to - 1, WIDTH of them at most; what else is in the vectors is 0. */
static inline void load_channels(lanes x[HAL_CHANNELS], const struct block *b, int n,
                                 int to)
{
    const int first = n - begin(n), last = to - begin(n);

    if (first <= 0 && last >= WIDTH)
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            x[ch] = load(&b->x[ch][begin(n)]);
    else
        for (int ch = 0; ch < HAL_CHANNELS; ch++)
            x[ch] = load_part(&b->x[ch][begin(n)], first, last);
}

/* As weigh() of core/products.c. */
static inline void weigh(lanes weighed[HAL_CHANNELS], const lanes x[HAL_CHANNELS],
                         const uint16_t *w)
{
    const lanes even = load_16(w), odds = odd(even), half = each_64(1 << 14);

    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        weighed[ch] = merge(add_64(multiply_even(x[ch], even), half),
                            add_64(multiply_even(odd(x[ch]), odds), half), 15);
}

/* vi, vv, ii of some samples: left is their weighted copy, or they themselves. */
static inline void add_products(lanes sum[SUMS], const lanes left[HAL_CHANNELS],
                                const lanes right[HAL_CHANNELS])
{
    for (int k = 0; k < 3; k++) {
        add_product(&sum[k], left[k], right[3 + k]);
        add_product(&sum[3 + k], left[k], right[k]);
        add_product(&sum[6 + k], left[3 + k], right[3 + k]);
    }
}

/* vx, v, i, the last two in 32-bit lanes. */
static inline void add_rest(lanes sum[SUMS], const lanes left[HAL_CHANNELS],
                            const lanes right[HAL_CHANNELS])
{
    for (int k = 0; k < 3; k++) {
        add_product(&sum[k], left[k], right[k == 2 ? 0 : k + 1]);
        sum[3 + k] = add_32(sum[3 + k], left[k]);
        sum[6 + k] = add_32(sum[6 + k], left[3 + k]);
    }
}

_Static_assert(sizeof(struct products) == 2 * SUMS * sizeof(int64_t),
               "nine sums of stretches, nine of blocks");

void products_of_stretch(struct products *p, const struct block *block, int from,
                         int to)
{
    lanes sum[SUMS], x[HAL_CHANNELS];

    clear(sum);
    for (int n = from; n < to; n += WIDTH) {
        load_channels(x, block, n, to);
        add_products(sum, x, x);
    }
    store_sums(p->vi, sum);
}

void products_of_block(struct products *p, const struct block *block)
{
    lanes sum[SUMS], x[HAL_CHANNELS];

    clear(sum);
    for (int n = 0; n < BLOCK; n += WIDTH) {
        load_channels(x, block, n, BLOCK);
        add_rest(sum, x, x);
    }
    store_rest(p->vx, sum);
}

/* First what is weighed, and the sums that need nothing else; then the others, so that each
 * nine stay in registers. */
void products_weighted(struct products *p, const struct block *block, const uint16_t *w)
{
    lanes sum[SUMS], x[HAL_CHANNELS],
        weighed[(BLOCK + WIDTH - 1) / WIDTH][HAL_CHANNELS];

    clear(sum);
    for (int n = 0; n < BLOCK; n += WIDTH) {
        load_channels(x, block, n, BLOCK);
        weigh(weighed[n / WIDTH], x, &w[begin(n)]);
        add_rest(sum, weighed[n / WIDTH], x);
    }
    store_rest(p->vx, sum);
    clear(sum);
    for (int n = 0; n < BLOCK; n += WIDTH) {
        load_channels(x, block, n, BLOCK);
        add_products(sum, weighed[n / WIDTH], x);
    }
    store_sums(p->vi, sum);
}
