/* Turns against long double and 128-bit arithmetic. A failing phase is printed. */
#include "waveform/base/random.h"
#include "waveform/base/turn.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define TAU 6.283185307179586476925286766559006L

enum { PHASES = 200000 };

static __int128 join(struct turn t)
{
    return (__int128)((unsigned __int128)t.whole << 64 | t.frac);
}

static void check_sin_cos(uint64_t frac)
{
    double sine, cosine;
    turn_sin_cos(frac, &sine, &cosine);
    long double angle = TAU * ((long double)frac / 0x1p64L);
    if (fabsl(sine - sinl(angle)) > 3e-16L || fabsl(cosine - cosl(angle)) > 3e-16L)
        fail_msg("phase %016llx: %a %a", (unsigned long long)frac, sine, cosine);
    assert_true(turn_sin(frac) == sine);
}

static void test_sin_cos_is_that_of_long_double(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int k = 0; k < PHASES; k++)
        check_sin_cos(random_next(&random));
    for (int bit = 0; bit < 64; bit++)
        for (int near = -2; near <= 2; near++)
            check_sin_cos((UINT64_C(1) << bit) + near);
    for (uint64_t eighth = 0; eighth < 8; eighth++)
        for (int near = -600; near <= 600; near++)
            check_sin_cos((eighth << 61) + near);
}

static void test_quarters_are_exact(void **state)
{
    (void)state;
    static const double QUARTER[4][2] = { { 0, 1 }, { 1, 0 }, { 0, -1 }, { -1, 0 } };
    for (uint64_t k = 0; k < 4; k++) {
        double sine, cosine;
        turn_sin_cos(k << 62, &sine, &cosine);
        assert_true(sine == QUARTER[k][0] && cosine == QUARTER[k][1]);
    }
}

static void test_add_sub_scale_are_128_bit(void **state)
{
    (void)state;
    uint64_t random = 2;
    for (int k = 0; k < PHASES; k++) {
        struct turn a = { random_next(&random), random_next(&random) };
        struct turn b = { random_next(&random), random_next(&random) };
        unsigned __int128 ua = (unsigned __int128)join(a);
        unsigned __int128 ub = (unsigned __int128)join(b);
        assert_true(join(turn_add(a, b)) == (__int128)(ua + ub));
        assert_true(join(turn_sub(a, b)) == (__int128)(ua - ub));
        assert_true(join(turn_scale(a, b.frac)) == (__int128)(ua * b.frac));
    }
}

static void test_integer_multiples_are_exact(void **state)
{
    (void)state;
    uint64_t random = 3;
    for (int k = 0; k < PHASES; k++) {
        struct turn t = { random_next(&random), random_next(&random) };
        uint64_t order = random_next(&random) >> 52;
        assert_true(turn_multiply(t, (double)order) == order * t.frac);
        assert_true(turn_multiply(t, -(double)order) == -(order * t.frac));
    }
}

/* Orders in 1024ths, so that the product fits 128 bits. */
static void test_real_multiples(void **state)
{
    (void)state;
    uint64_t random = 4;
    for (int k = 0; k < PHASES; k++) {
        struct turn t = { random_next(&random) >> 40, random_next(&random) };
        if (k & 1)
            t = turn_sub((struct turn){ 0, 0 }, t);
        int64_t order = (int64_t)(random_next(&random) >> 48);
        uint64_t exact = (uint64_t)(join(t) * order >> 10);
        int64_t error = (int64_t)(turn_multiply(t, (double)order / 1024) - exact);
        assert_true(error >= -1 && error <= 1);
    }
}

/* numerator − t × denominator, in units of 2^-64 turn. */
static long double ratio_error(double numerator, double denominator)
{
    struct turn t = turn_from_ratio(numerator, denominator);
    int exponent = ilogb(denominator) - 52;
    int64_t mantissa = (int64_t)ldexp(denominator, -exponent);
    long double whole = (long double)(int64_t)t.whole * (long double)mantissa;
    long double rest = ldexpl((long double)numerator, -exponent) - whole;
    return ldexpl(rest, 64) / (long double)mantissa - (long double)t.frac;
}

static void test_ratio_is_good_to_the_last_bit(void **state)
{
    (void)state;
    uint64_t random = 5;
    for (int k = 0; k < PHASES; k++) {
        double hz = 45 + (double)(random_next(&random) >> 11) * 0x1p-53 * 20;
        double rate =
            2520 * (1 + 1e-4 * (double)(random_next(&random) >> 11) * 0x1p-53);
        assert_true(fabsl(ratio_error(hz, 2 * rate)) <= 1.5L);
    }
    assert_true(turn_from_ratio(90, 360).frac == UINT64_C(1) << 62);
    assert_true(turn_from_ratio(120, 360).frac == 0x5555555555555555u);
    assert_true(join(turn_from_ratio(-90, 360)) == -((__int128)1 << 62));
    assert_true(join(turn_from_ratio(-810, 360)) == -((__int128)9 << 62));
    assert_true(join(turn_from_ratio(0, 360)) == 0);
    assert_true(join(turn_from_ratio(1, 0)) == 0);
    assert_true(join(turn_from_ratio(NAN, 1)) == 0);
}

static void test_vector_is_the_inverse(void **state)
{
    (void)state;
    uint64_t random = 6;
    for (int k = 0; k < PHASES / 10; k++) {
        uint64_t frac = k < 16 ? (uint64_t)k << 60 : random_next(&random);
        double sine, cosine;
        turn_sin_cos(frac, &sine, &cosine);
        struct turn t = turn_from_vector(480 * cosine, 480 * sine);
        long double error = (long double)(int64_t)(t.frac - frac) / 0x1p64L;
        assert_true(fabsl(error) < 0x1p-52L);
        assert_true(t.whole == (t.frac >> 63 ? UINT64_MAX : 0));
    }
    assert_true(join(turn_from_vector(0, 0)) == 0);
}

/* So near to zero that q − floor(q) rounds to 1: still a phase just below a whole
 * turn. */
static void test_tiny_negative_ratios(void **state)
{
    static const double ratio[] = { -1e-17, -1e-18, -5e-17, -1.2e-16, -1e-300 };

    (void)state;
    for (unsigned k = 0; k < sizeof ratio / sizeof *ratio; k++) {
        struct turn t = turn_from_ratio(ratio[k], 1);
        double back = (double)(int64_t)t.frac / 18446744073709551616.0;
        assert_true(fabs(back - ratio[k]) <= 1.2e-17);
        assert_true(t.whole == (t.frac ? UINT64_MAX : 0));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sin_cos_is_that_of_long_double),
        cmocka_unit_test(test_tiny_negative_ratios),
        cmocka_unit_test(test_quarters_are_exact),
        cmocka_unit_test(test_add_sub_scale_are_128_bit),
        cmocka_unit_test(test_integer_multiples_are_exact),
        cmocka_unit_test(test_real_multiples),
        cmocka_unit_test(test_ratio_is_good_to_the_last_bit),
        cmocka_unit_test(test_vector_is_the_inverse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
