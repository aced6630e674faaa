/* 128-bit arithmetic against the compiler's own, on edges and random numbers of every
 * length; scale factors against exact fractions. */
#include "core/wide.h"
#include "tests/support/check.h"

enum { ROUNDS = 200000 };

static struct random dice = { 1 };

static const uint64_t edges[] = {
    0,
    1,
    2,
    3,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    0x100000000,
    0x100000001,
    0x7FFFFFFFFFFFFFFF,
    0x8000000000000000,
    0x8000000000000001,
    0xFFFFFFFF00000000,
    0xFFFFFFFEFFFFFFFF,
    0xFFFFFFFFFFFFFFFE,
    0xFFFFFFFFFFFFFFFF,
};

/* Every fourth number is an edge. */
static uint64_t pick(void)
{
    uint64_t r = random_bits(&dice);
    return r % 4 == 0 ? edges[(r >> 8) % COUNT_OF(edges)] : random_length(&dice);
}

static u128 join(struct wide a)
{
    return (u128)a.hi << 64 | a.lo;
}

static struct wide split(u128 a)
{
    return (struct wide){ (uint64_t)(a >> 64), (uint64_t)a };
}

static void sums_and_products(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t a = pick(), b = pick();
        u128 x = (u128)pick() << 64 | pick(), y = (u128)pick() << 64 | pick();
        unsigned bits = random_range(&dice, 0, 130);
        assert_true(join(wide_mul(a, b)) == (u128)a * b);
        assert_true(join(wide_add(split(x), split(y))) == x + y);
        assert_true(join(wide_sub(split(x > y ? x : y), split(x > y ? y : x))) ==
                    (x > y ? x - y : y - x));
        assert_true(join(wide_shift_right(split(x), bits)) ==
                    (bits > 127 ? 0 : x >> bits));
        assert_int_equal(wide_compare(split(x), split(y)), x < y ? -1 : x > y);
        assert_int_equal(wide_compare(split(x), split(x)), 0);
    }
}

static void quotients(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        u128 a = (u128)pick() << 64 | pick();
        uint64_t b = pick();
        u128 q = b ? a / b : ~(u128)0;
        uint64_t expected = q >> 64 ? UINT64_MAX : (uint64_t)q;
        assert_true(wide_div(split(a), b) == expected);
    }
}

/* Dividends next to a multiple of the divisor: where a quotient digit is guessed wrong.
 */
static void quotients_at_multiples(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t b = pick() | 1, q = pick();
        u128 a = (u128)b * q;
        assert_true(wide_div(split(a), b) == q);
        assert_true(wide_div(split(a + b - 1), b) == q);
        if (q)
            assert_true(wide_div(split(a - 1), b) == q - 1);
    }
}

static void check_root(u128 a)
{
    uint64_t root = wide_sqrt(split(a));
    bool low_enough = (u128)root * root <= a;
    bool high_enough = root == UINT64_MAX || (u128)(root + 1) * (root + 1) > a;

    assert_true(low_enough && high_enough);
}

static void square_roots(void **state)
{
    (void)state;
    for (unsigned k = 0; k < COUNT_OF(edges); k++)
        for (unsigned j = 0; j < COUNT_OF(edges); j++)
            check_root((u128)edges[k] << 64 | edges[j]);
    for (int round = 0; round < ROUNDS / 10; round++) {
        uint64_t r = pick(), a = pick();
        check_root((u128)pick() << 64 | a);
        check_root((u128)r * r);
        if (r)
            check_root((u128)r * r - 1);
        uint64_t root = wide_sqrt64(a);
        assert_true((u128)root * root <= a && (u128)(root + 1) * (root + 1) > a);
    }
}

static void root_of_a_sum_of_squares(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS / 10; round++) {
        uint64_t a = pick() >> 1, b = pick() >> 1, c = pick() >> 1;
        u128 sum = (u128)a * a + (u128)b * b + (u128)c * c;
        u128 root = wide_square_root_of_sum(a, b, c);
        assert_true(root == 0 || (root - 1) * (root - 1) < sum);
        assert_true((root + 1) * (root + 1) > sum);
    }
    assert_int_equal(wide_square_root_of_sum(3000, 4000, 0), 5000);
    assert_int_equal(wide_square_root_of_sum(2000, 3000, 6000), 7000);
}

static void muldiv_rounds(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t a = pick(), b = pick(), c = pick() | (round & 1);
        if (c == 0)
            c = 1;
        u128 q = ((u128)a * b) / c, rest = ((u128)a * b) % c;
        q += rest >= c - rest;
        uint64_t expected = q >> 64 ? UINT64_MAX : (uint64_t)q;
        assert_true(wide_muldiv(a, b, c) == expected);
        int64_t most = expected > INT64_MAX ? INT64_MAX : (int64_t)expected;
        if (a <= INT64_MAX) {
            assert_true(wide_muldiv_signed((int64_t)a, b, c) == most);
            assert_true(wide_muldiv_signed(-(int64_t)a, b, c) == -most);
        }
    }
}

static void mulshift_is_muldiv_by_a_power_of_two(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        const int64_t a = (int64_t)pick();
        const uint64_t b = pick();
        const unsigned bits = random_range(&dice, 1, 63);
        assert_true(wide_mulshift_signed(a, b, bits) ==
                    wide_muldiv_signed(a, b, (uint64_t)1 << bits));
    }
}

static void muldiv_rounds_halves_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(wide_muldiv(5, 1, 2), 3);
    assert_int_equal(wide_muldiv_signed(5, 1, 2), 3);
    assert_int_equal(wide_muldiv_signed(-5, 1, 2), -3);
    assert_int_equal(wide_muldiv_signed(-7, 1, 4), -2);
    assert_int_equal(wide_muldiv_signed(-5, 1, 4), -1);
    assert_int_equal(wide_muldiv_signed(-1, 1, 3), 0);
}

static long double value_of(struct scale s)
{
    return ldexpl(s.mant, -s.shift);
}

static void check_scale(struct scale s, long double exact, long double most)
{
    assert_true(s.mant >> 31);
    assert_near(value_of(s) / exact, 1, most);
}

static void ratio_is_exact_to_32_bits(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t num = pick() | 1, den = pick() | 1;
        check_scale(scale_ratio(num, den), (long double)num / den, 0x1.00001p-32L);
    }
    assert_int_equal(scale_ratio(1, 1).mant, 0x80000000);
    assert_int_equal(scale_ratio(1, 1).shift, 31);
}

static void product_of_ratios(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t a = random_range(&dice, 1, UINT32_MAX),
                 b = random_range(&dice, 1, 99999);
        uint64_t c = random_range(&dice, 1, UINT32_MAX),
                 d = random_range(&dice, 1, 99999);
        struct scale s = scale_ratio(a, b), t = scale_ratio(c, d);
        long double exact = value_of(s) * value_of(t);
        check_scale(scale_multiply(s, t), exact, 0x1.00001p-32L);
    }
}

/* x · mant ÷ 2^shift to the nearest, halves away from zero. */
static uint64_t applied(struct scale s, uint64_t x)
{
    u128 product = (u128)x * s.mant;
    if (s.shift <= 0)
        product <<= -s.shift;
    else if (s.shift >= 128)
        product = 0;
    else
        product = (product >> s.shift) + (product >> (s.shift - 1) & 1);
    return product >> 64 ? UINT64_MAX : (uint64_t)product;
}

static void scales_apply_rounded(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct scale s = { (uint32_t)random_bits(&dice) | 0x80000000,
                           (int32_t)random_range(&dice, 0, 127) - 1 };
        uint64_t x = pick(), expected = applied(s, x);
        int64_t most = expected > INT64_MAX ? INT64_MAX : (int64_t)expected;
        assert_true(scale_apply(s, x) == expected);
        if (x > INT64_MAX)
            continue;
        assert_true(scale_apply_signed(s, (int64_t)x) == most);
        assert_true(scale_apply_signed(s, -(int64_t)x) == -most);
    }
    const struct scale half = { 0x80000000, 32 };
    assert_int_equal(scale_apply(half, 5), 3);
    assert_int_equal(scale_apply_signed(half, -5), -3);
}

static void rms_of_a_mean_square(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t x = random_length(&dice);
        struct scale s = scale_ratio(random_range(&dice, 1, 1u << 31), 1u << 23);
        int halves = (int)random_range(&dice, 0, 10);
        long double exact = value_of(s) * ldexpl(sqrtl(x), -halves);
        assert_near(scale_apply_root(s, x, halves), exact, 0.5L + exact * 0x1p-30L);
    }
    assert_int_equal(scale_apply_root(scale_ratio(1, 1), 0, 7), 0);
}

static void magnitudes(void **state)
{
    (void)state;
    assert_true(magnitude(INT64_MIN) == 0x8000000000000000);
    assert_true(magnitude(-1) == 1 && magnitude(0) == 0 &&
                magnitude(INT64_MAX) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_products),
        cmocka_unit_test(quotients),
        cmocka_unit_test(quotients_at_multiples),
        cmocka_unit_test(square_roots),
        cmocka_unit_test(root_of_a_sum_of_squares),
        cmocka_unit_test(muldiv_rounds),
        cmocka_unit_test(mulshift_is_muldiv_by_a_power_of_two),
        cmocka_unit_test(muldiv_rounds_halves_away_from_zero),
        cmocka_unit_test(ratio_is_exact_to_32_bits),
        cmocka_unit_test(product_of_ratios),
        cmocka_unit_test(scales_apply_rounded),
        cmocka_unit_test(rms_of_a_mean_square),
        cmocka_unit_test(magnitudes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
