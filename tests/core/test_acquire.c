/* Blocks: every sample once and in order whatever the pieces, the block before the one
 * taken, and what happens when nobody takes them. */
#include "core/acquire.h"
#include "tests/support/check.h"

static struct random dice = { 4 };

static int32_t code(int ch, int64_t n)
{
    return (int32_t)(n * 8 + ch) - 4000000;
}

static void give(struct acquire *a, int64_t first, uint32_t count)
{
    int32_t x[HAL_CHANNELS][BLOCK];

    memset(x, 0x55, sizeof x);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (uint32_t n = 0; n < count; n++)
            x[ch][n] = code(ch, first + n);
    acquire_samples(a, (const int32_t(*)[BLOCK])x, count);
}

static void check_block(const struct block *b, int64_t first)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        for (int n = 0; n < BLOCK; n++)
            assert_int_equal(b->x[ch][n], code(ch, first + n));
}

/* seen[0] is the block that starts at `first`, the others are those before it. */
static void check_seen(struct block *const *seen, int64_t first)
{
    for (int k = 0; k < ACQUIRE_SEEN && first - k * BLOCK >= 0; k++)
        check_block(seen[k], first - k * BLOCK);
}

static void any_pieces_give_the_same_blocks(void **state)
{
    struct acquire a = { 0 };
    struct block *seen[ACQUIRE_SEEN];
    int64_t given = 0, taken = 0;

    (void)state;
    while (taken < 20000) {
        uint32_t count = random_range(&dice, 1, BLOCK);
        give(&a, given, count);
        given += count;
        while (acquire_next(&a, seen)) {
            check_seen(seen, taken);
            taken += BLOCK;
        }
        assert_true(given - taken < BLOCK);
    }
    assert_int_equal(a.lost, 0);
}

/* As an interrupt sees it: while it is closed, and afterwards. */
static void sets_in_the_middle_of_a_restart_go_nowhere(void **state)
{
    static const struct acquire fresh = { 0 };
    struct acquire a = { 0 };
    struct block *seen[ACQUIRE_SEEN];

    (void)state;
    give(&a, 0, BLOCK);
    give(&a, BLOCK, 5);
    acquire_restart(&a);
    assert_memory_equal(a.ring, fresh.ring, sizeof a.ring);
    assert_int_equal(a.fill, 0);
    assert_int_equal(a.sets, BLOCK + 5);
    assert_int_equal(a.starts, 1);
    assert_false(acquire_next(&a, seen));
    a.closed = true;
    give(&a, 900, 6);
    assert_int_equal(a.sets, BLOCK + 11);
    assert_memory_equal(a.ring, fresh.ring, sizeof a.ring);
    a.closed = false;
    give(&a, 1000, BLOCK);
    assert_true(acquire_next(&a, seen));
    check_block(seen[0], 1000);
}

/* A board that is late by most of a block loses nothing. */
static void a_block_may_wait(void **state)
{
    struct acquire a = { 0 };
    struct block *seen[ACQUIRE_SEEN];

    (void)state;
    for (int k = 0; k < 20; k++) {
        give(&a, k * BLOCK, BLOCK);
        assert_true(acquire_next(&a, seen));
        check_seen(seen, k * BLOCK);
        assert_false(acquire_next(&a, seen));
    }
    assert_int_equal(a.lost, 0);
}

/* What is lost is counted, and what was seen before stays whole. */
static void blocks_that_nobody_takes_are_counted(void **state)
{
    struct acquire a = { 0 };
    struct block *seen[ACQUIRE_SEEN];
    int64_t taken = 0;

    (void)state;
    for (int k = 0; k < 4; k++) {
        give(&a, k * BLOCK, BLOCK);
        assert_true(acquire_next(&a, seen));
    }
    for (int k = 4; k < 12; k++)
        give(&a, k * BLOCK, BLOCK);
    while (acquire_next(&a, seen)) {
        check_seen(seen, (4 + taken) * BLOCK);
        taken++;
    }
    assert_true(taken >= 1);
    assert_int_equal(taken + a.lost, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_pieces_give_the_same_blocks),
        cmocka_unit_test(a_block_may_wait),
        cmocka_unit_test(blocks_that_nobody_takes_are_counted),
        cmocka_unit_test(sets_in_the_middle_of_a_restart_go_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
