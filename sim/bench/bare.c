/* The bare operations. See bare.h. */
#include "sim/bench/bare.h"
#ifdef __AVX2__
#include "core/x86/lanes.h"
#else

/* Without wide vectors: one lane. */
enum { WIDTH = 1 };
typedef int64_t lanes;

static inline lanes zero(void)
{
    return 0;
}

static inline lanes load(const int32_t *x)
{
    return *x;
}

static inline void store(int32_t *to, lanes x)
{
    *to = (int32_t)x;
}

static inline lanes each_32(int32_t x)
{
    return x;
}

static inline lanes add_32(lanes x, lanes y)
{
    return x + y;
}

static inline lanes subtract_32(lanes x, lanes y)
{
    return x - y;
}

static inline lanes add_64(lanes x, lanes y)
{
    return x + y;
}

static inline lanes odd(lanes x)
{
    (void)x;
    return 0;
}

static inline lanes multiply_even(lanes x, lanes y)
{
    return x * y;
}

static inline lanes merge(lanes even, lanes odd_ones, unsigned bits)
{
    (void)odd_ones;
    return even >> bits;
}

static inline int64_t across(lanes x)
{
    return x;
}

#endif

enum {
    ROW = WIDTH == 16 ? WIDTH : BARE_LANES,
    USED = WIDTH > 1 ? ROW : BARE_CHANNELS, /* lanes of a row that count */
    HALF = BARE_SUMS / 2,
    BITS = 19
};

static inline void add_product(lanes *sum, lanes x, lanes y)
{
    *sum = add_64(*sum, add_64(multiply_even(x, y), multiply_even(odd(x), odd(y))));
}

static inline void load_channels(lanes x[BARE_CHANNELS], const struct bare *b, int n)
{
    for (int ch = 0; ch < BARE_CHANNELS; ch++)
        x[ch] = load(&b->channel[ch][n]);
}

static inline void store_sums(int64_t *to, const lanes sum[HALF])
{
    for (int k = 0; k < HALF; k++)
        to[k] = across(sum[k]);
}

/* In two halves, so that the sums stay in registers. */
static inline void multiply(struct bare *b)
{
    lanes x[BARE_CHANNELS], sum[HALF], more[HALF];

    for (int k = 0; k < HALF; k++)
        sum[k] = more[k] = zero();
    for (int n = 0; n < BARE_SETS; n += WIDTH) {
        load_channels(x, b, n);
        for (int k = 0; k < 3; k++) {
            add_product(&sum[k], x[k], x[3 + k]);
            add_product(&sum[3 + k], x[k], x[k]);
            add_product(&sum[6 + k], x[3 + k], x[3 + k]);
        }
    }
    store_sums(b->sum, sum);
    for (int n = 0; n < BARE_SETS; n += WIDTH) {
        load_channels(x, b, n);
        for (int k = 0; k < 3; k++) {
            add_product(&more[k], x[k], x[(k + 1) % 3]);
            more[3 + k] = add_32(more[3 + k], x[k]);
            more[6 + k] = add_32(more[6 + k], x[3 + k]);
        }
    }
    store_sums(b->sum + HALF, more);
}

static inline void sum_groups(struct bare *b)
{
    const int32_t *x = &b->set[0][0];
    int32_t *to = &b->moving[0][0];

    for (int c = 0; c < USED; c += WIDTH) {
        lanes once = zero(), twice = once, thrice = once, before = once;
        for (int row = 0; row < BARE_SETS * BARE_LANES / ROW; row++) {
            once = add_32(once, load(&x[row * ROW + c]));
            twice = add_32(twice, once);
            thrice = add_32(thrice, twice);
            if (row % BARE_GROUP == BARE_GROUP - 1) {
                store(&to[row / BARE_GROUP * ROW + c], subtract_32(thrice, before));
                before = thrice;
            }
        }
    }
}

static inline void filter(struct bare *b, int at)
{
    const int32_t *x = &b->group[BARE_TAPS][0] + at;
    lanes even[2] = { zero(), zero() }, odds[2] = { zero(), zero() };

    for (int m = 0; m < BARE_TAPS; m++) {
        const lanes left = load(x - m * BARE_CHANNELS),
                    right = load(x + m * BARE_CHANNELS);
        const lanes sum = add_32(left, right), difference = subtract_32(left, right);
        const lanes tap0 = each_32(b->tap0[m]), tap90 = each_32(b->tap90[m]);
        even[0] = add_64(even[0], multiply_even(sum, tap0));
        odds[0] = add_64(odds[0], multiply_even(odd(sum), tap0));
        even[1] = add_64(even[1], multiply_even(difference, tap90));
        odds[1] = add_64(odds[1], multiply_even(odd(difference), tap90));
    }
    store(&b->u0[0][0] + at, merge(even[0], odds[0], BITS));
    store(&b->u90[0][0] + at, merge(even[1], odds[1], BITS));
}

static inline void filter_groups(struct bare *b)
{
    for (int at = 0; at < BARE_GROUPS * BARE_CHANNELS; at += WIDTH)
        filter(b, at);
}

void bare_do(struct bare *b, enum bare_part part)
{
    switch (part) {
    case BARE_PRODUCTS:
        multiply(b);
        break;
    case BARE_SUMS_OF_GROUPS:
        sum_groups(b);
        break;
    case BARE_FILTERS:
        filter_groups(b);
        break;
    case BARE_PARTS:
        break;
    }
}
