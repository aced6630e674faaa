/* Windows: the ramp is a raised cosine over 0.1 s, two neighbours' weights sum to 1 at
 * every sample, and products are neither lost nor counted twice. */
#include "core/window.h"
#include "tests/support/check.h"

static struct random dice = { 8 };

static void whole_block(struct products *whole, const struct block *block)
{
    products_of_stretch(whole, block, 0, BLOCK);
    products_of_block(whole, block);
}

static bool give(struct window *w, const struct block *block, struct window_sums *done)
{
    static const struct fundamental quiet;
    struct products whole;

    whole_block(&whole, block);
    return window_block(w, block, &whole, &quiet, done);
}

static void random_block(struct block *b)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int n = 0; n < BLOCK; n++)
            b->x[ch][n] = (int32_t)random_range(&dice, 0, (1 << 24) - 2) - 8388607;
}

static void seconds_are_of_60_blocks(void **state)
{
    struct window w;
    struct window_sums done;
    struct block block = { { { 0 } } };
    int count = 0, seconds = 0;

    (void)state;
    window_start(&w);
    while (seconds < 4) {
        count++;
        if (!give(&w, &block, &done))
            continue;
        /* metering runs behind, so the first second lacks some */
        assert_int_equal(count, seconds ? 60 : 60 - WINDOW_BEHIND);
        if (seconds)
            assert_int_equal(done.weight, HAL_SAMPLE_RATE * WINDOW_ONE);
        if (seconds)
            assert_int_equal(done.q_weight, HAL_SAMPLE_RATE / GROUP * WINDOW_ONE);
        count = 0;
        seconds++;
    }
}

/* The weights of every sample of a second, in the window that is open and in the next.
 */
static void weights_of_a_second(long weight[2][HAL_SAMPLE_RATE])
{
    for (int n = 0; n < HAL_SAMPLE_RATE; n++) {
        struct window w;
        struct window_sums done;
        struct block block = { { { 0 } } };
        window_start(&w);
        w.starting = false;
        w.block = (uint8_t)(n / BLOCK);
        block.x[0][n % BLOCK] = WINDOW_ONE;
        bool ended = give(&w, &block, &done);
        weight[0][n] = (long)(ended ? done : w.open).products.v[0];
        weight[1][n] = (long)(ended ? w.open : w.next).products.v[0];
    }
}

static void weights_are_raised_cosines(void **state)
{
    static long weight[2][HAL_SAMPLE_RATE];
    enum { RAMP = WINDOW_RAMP_BLOCKS * BLOCK, FIRST = HAL_SAMPLE_RATE - RAMP };

    (void)state;
    weights_of_a_second(weight);
    assert_int_equal(RAMP, HAL_SAMPLE_RATE / 10);
    for (int n = 0; n < HAL_SAMPLE_RATE; n++) {
        long double rise = (1 - cosl(PI * (n - FIRST + 0.5L) / RAMP)) / 2;
        if (n < FIRST)
            rise = 0;
        assert_int_equal(weight[0][n] + weight[1][n], WINDOW_ONE);
        assert_near((long double)weight[1][n], rise * WINDOW_ONE, 0.75L);
    }
}

static void nothing_is_lost_or_counted_twice(void **state)
{
    struct window w;
    struct window_sums done;
    struct products sum = { { 0 }, { 0 }, { 0 }, { 0 }, { 0 }, { 0 } }, all = sum,
                    whole;
    uint64_t weight = 0, blocks = 0;

    (void)state;
    window_start(&w);
    w.starting = false;
    while (blocks < 400) {
        struct block block;
        random_block(&block);
        whole_block(&whole, &block);
        products_add(&all, &whole);
        blocks++;
        if (give(&w, &block, &done)) {
            products_add(&sum, &done.products);
            weight += done.weight;
        }
    }
    products_add(&sum, &w.open.products);
    products_add(&sum, &w.next.products);
    weight += w.open.weight + w.next.weight;
    assert_memory_equal(&sum, &all, sizeof sum);
    assert_true(weight == blocks * BLOCK * WINDOW_ONE);
}

static void the_first_second_ramps_in(void **state)
{
    struct window w;
    struct window_sums done;
    struct block block = { { { 0 } } };
    uint32_t blocks = 60 - WINDOW_BEHIND, ramps = 2 * WINDOW_RAMP_BLOCKS;

    (void)state;
    window_start(&w);
    while (!give(&w, &block, &done))
        continue;
    assert_int_equal(done.weight, (blocks - ramps / 2) * BLOCK * WINDOW_ONE);
}

static void products_are_exact_sums(void **state)
{
    struct block b;
    struct products p;

    (void)state;
    for (int round = 0; round < 200; round++) {
        int from = (int)random_range(&dice, 0, BLOCK - 1);
        int to = (int)random_range(&dice, (uint32_t)from + 1, BLOCK);
        random_block(&b);
        products_of_stretch(&p, &b, from, to);
        products_of_block(&p, &b);
        for (int k = 0; k < 3; k++) {
            int64_t vi = 0, vv = 0, ii = 0, vx = 0, v = 0, i = 0;
            for (int n = 0; n < BLOCK; n++) {
                const int64_t a = b.x[k][n], c = b.x[3 + k][n];
                const bool within = n >= from && n < to;
                vi += within ? a * c : 0;
                vv += within ? a * a : 0;
                ii += within ? c * c : 0;
                vx += a * b.x[(k + 1) % 3][n];
                v += a;
                i += c;
            }
            assert_true(p.vi[k] == vi && p.vv[k] == vv && p.ii[k] == ii);
            assert_true(p.vx[k] == vx && p.v[k] == v && p.i[k] == i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seconds_are_of_60_blocks),
        cmocka_unit_test(weights_are_raised_cosines),
        cmocka_unit_test(nothing_is_lost_or_counted_twice),
        cmocka_unit_test(the_first_second_ramps_in),
        cmocka_unit_test(products_are_exact_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
