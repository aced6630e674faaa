/* The sines and cosines of a block against those of each sample by itself. */
#include "waveform/basis.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const double orders[] = { 0, 1, 2.37, 5, 7, 13, 49, -1 };

enum { ORDERS = sizeof orders / sizeof *orders };

static void expect_block(const struct basis *b, struct turn start, struct turn half)
{
    for (int row = 1; row < ORDERS; row++)
        for (int k = 0; k < WAVEFORM_BLOCK; k++) {
            struct turn at = turn_add(start, turn_scale(half, 2 * (uint64_t)k));
            double sine, cosine;
            turn_sin_cos(turn_multiply(at, orders[row]), &sine, &cosine);
            assert_true(fabs(basis_sine(b, row)[k] - sqrt(2) * sine) < 2e-15);
            assert_true(fabs(basis_cosine(b, row)[k] - sqrt(2) * cosine) < 2e-15);
        }
}

static void every_sample_of_a_block(void **state)
{
    struct basis b = { 0 };
    struct turn start = { 0, UINT64_C(0x123456789ABCDEF0) };

    (void)state;
    basis_reserve(&b, ORDERS);
    for (int hz = 45; hz <= 65; hz += 5) {
        struct turn half = turn_from_ratio(hz, 2 * 2520.0);
        basis_set(&b, orders, ORDERS, half);
        for (int n = 0; n < 3; n++) {
            basis_block(&b, start);
            expect_block(&b, start, half);
            start = turn_add(start, turn_scale(half, 2 * WAVEFORM_BLOCK));
        }
    }
    basis_free(&b);
}

static void order_0_is_one(void **state)
{
    struct basis b = { 0 };

    (void)state;
    basis_reserve(&b, 1);
    basis_set(&b, orders, 1, turn_from_ratio(60, 5040));
    basis_block(&b, (struct turn){ 0, 12345 });
    for (int k = 0; k < WAVEFORM_BLOCK; k++) {
        assert_true(basis_sine(&b, 0)[k] == 1);
        assert_true(basis_cosine(&b, 0)[k] == 0);
    }
    basis_free(&b);
}

/* More room keeps the tables that are there; other orders in a row make them anew. */
static void rows_are_used_again(void **state)
{
    struct basis b = { 0 };
    struct turn half = turn_from_ratio(50, 5040), start = { 0, 1 };
    const double other[] = { 0, 3, 5 };

    (void)state;
    basis_reserve(&b, 3);
    basis_set(&b, other, 3, half);
    basis_reserve(&b, ORDERS);
    basis_set(&b, orders, ORDERS, half);
    basis_block(&b, start);
    expect_block(&b, start, half);
    basis_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(every_sample_of_a_block),
                                        cmocka_unit_test(order_0_is_one),
                                        cmocka_unit_test(rows_are_used_again) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
