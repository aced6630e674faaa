/* Conversion of readings: floats against the compiler's rounding of an exact quotient,
 * powers of ten, and the units of the register list. */
#include "core/quantity.h"
#include "tests/support/check.h"

enum { ROUNDS = 100000 };

static struct random dice = { 2 };

/* num ÷ den to 24 bits, nearest even, from a 128-bit quotient with a sticky bit: the
 * conversion of a 64-bit integer whose last bit is sticky rounds once and right. */
static uint32_t reference_bits(int64_t num, uint64_t den)
{
    u128 n = (u128)(num < 0 ? -(u128)num : (u128)num);
    int scale = 0;

    if (num == 0)
        return 0;
    while (!(n >> 126)) {
        n <<= 1;
        scale++;
    }
    u128 q = n / den;
    uint64_t sticky = n % den != 0;
    while (q >> 63) {
        sticky |= (uint64_t)(q & 1);
        q >>= 1;
        scale--;
    }
    float f = ldexpf((float)((uint64_t)q | sticky), -scale);
    uint32_t bits;
    f = num < 0 ? -f : f;
    memcpy(&bits, &f, sizeof bits);
    return bits;
}

static void check_float(int64_t num, uint64_t den)
{
    uint32_t got = quantity_float_bits(num, den), expected = reference_bits(num, den);

    if (got != expected)
        fail_msg("%lld / %llu: %08x, expected %08x", (long long)num,
                 (unsigned long long)den, got, expected);
}

static void random_floats(void **state)
{
    static const uint64_t dens[] = { 1, 1000000, 1000000000 };

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t num = (int64_t)random_length(&dice);
        check_float(num, dens[round % 3]);
        check_float(num, random_range(&dice, 1, UINT32_MAX));
    }
}

/* Quotients half-way between two floats, and a hair beside it. */
static void floats_at_ties(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t half = ((int64_t)random_range(&dice, 1 << 24, (1 << 25) - 1) | 1);
        int64_t num = half * 1000000 >> random_range(&dice, 0, 6) << 6;
        check_float(num, 1000000);
        check_float(half << random_range(&dice, 0, 30), 1);
        check_float(half * 1000000000, 1000000000);
        check_float(half * 1000000000 + 1, 1000000000);
        check_float(half * 1000000000 - 1, 1000000000);
        check_float(-(half * 1000000000 - 1), 1000000000);
    }
}

static void known_floats(void **state)
{
    (void)state;
    assert_int_equal(quantity_float_bits(0, 1000000), 0);
    assert_int_equal(quantity_float_bits(1, 1), 0x3F800000);
    assert_int_equal(quantity_float_bits(-1500000, 1000000), 0xBFC00000);
    assert_int_equal(quantity_float_bits(100000, 1000000), 0x3DCCCCCD);
    assert_int_equal(quantity_float_bits(4294967040, 1), 0x4F7FFFFF);
    assert_int_equal(quantity_float_bits(4294967295, 1), 0x4F800000);
    assert_int_equal(quantity_float_bits(16777217, 1), 0x4B800000);
    assert_int_equal(quantity_float_bits(16777219, 1), 0x4B800002);
    check_float(INT64_MAX, 1);
    check_float(INT64_MIN, 1);
    check_float(INT64_MIN, 1000000000);
    check_float(1, 1000000000);
}

static void powers_of_ten(void **state)
{
    (void)state;
    uint64_t ten = 1;
    for (int e = 0; e < 20; e++, ten *= 10)
        assert_true(quantity_ten(e) == ten);
    assert_int_equal(quantity_power_of_ten(12345, 2), 123);
    assert_int_equal(quantity_power_of_ten(12350, 2), 124);
    assert_int_equal(quantity_power_of_ten(-12350, 2), -124);
    assert_int_equal(quantity_power_of_ten(-12349, 2), -123);
    assert_int_equal(quantity_power_of_ten(12345, 0), 12345);
    assert_int_equal(quantity_power_of_ten(-12345, -3), -12345000);
    assert_int_equal(quantity_power_of_ten(499999999999999999, 18), 0);
    assert_int_equal(quantity_power_of_ten(500000000000000000, 18), 1);
}

static void random_powers_of_ten(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        int64_t x = (int64_t)(random_length(&dice) >> 15);
        int e = (int)random_range(&dice, 0, 17) - 4;
        u128 ten = quantity_ten(e < 0 ? -e : e), n = (u128)x;
        int64_t expected = (int64_t)(e < 0 ? n * ten : (n + ten / 2) / ten);
        assert_true(quantity_power_of_ten(x, e) == expected);
        assert_true(quantity_power_of_ten(-x, e) == -expected);
    }
}

/* One count is 1 µA, µV, 10^-6 of kWh, PF, Hz; µW against kW. */
static void counts_per_unit(void **state)
{
    (void)state;
    assert_int_equal(quantity_decimals(UNIT_A), 6);
    assert_int_equal(quantity_decimals(UNIT_V), 6);
    assert_int_equal(quantity_decimals(UNIT_W), 9);
    assert_int_equal(quantity_decimals(UNIT_E), 6);
    assert_int_equal(quantity_decimals(UNIT_PF), 6);
    assert_int_equal(quantity_decimals(UNIT_HZ), 6);
    assert_int_equal(quantity_decimals(UNIT_N), 0);
}

static void check_kind(enum quantity q, const char *units, enum quantity_role role,
                       unsigned types)
{
    const struct quantity_row *row = &quantity_table[q];

    assert_string_equal(quantity_kind_units[row->kind], units);
    assert_int_equal(row->role, role);
    assert_int_equal(row->types, types);
}

/* Types by the manual's columns: 10, 11, 12, 31, 40. */
static void kinds_and_validity(void **state)
{
    (void)state;
    check_kind(Q_KW_TOTAL, "kW", ROLE_NOW, ALL);
    check_kind(Q_KVAR_DEMAND, "kVAR", ROLE_DEMAND, ALL);
    check_kind(Q_KVA_DEMAND_MAX_EXPORT, "kVA", ROLE_DEMAND_MAX, ALL);
    check_kind(Q_KWH_NET, "kWh", ROLE_COUNTER, ALL);
    check_kind(Q_KVARH_Q3_B, "kVARh", ROLE_COUNTER, T12 | T31 | T40);
    check_kind(Q_KVAH_EXPORT_C, "kVAh", ROLE_COUNTER, T31 | T40);
    check_kind(Q_V_AN, "V", ROLE_NOW, T10 | T12 | T40);
    check_kind(Q_V_BN, "V", ROLE_NOW, T12 | T40);
    check_kind(Q_V_CN, "V", ROLE_NOW, T40);
    check_kind(Q_V_AB, "V", ROLE_NOW, T11 | T12 | T31 | T40);
    check_kind(Q_V_BC, "V", ROLE_NOW, T31 | T40);
    check_kind(Q_V_AC, "V", ROLE_NOW, T31 | T40);
    check_kind(Q_VLL_AVG, "V", ROLE_NOW, T11 | T12 | T31 | T40);
    check_kind(Q_VLN_AVG, "V", ROLE_NOW, T10 | T12 | T40);
    check_kind(Q_I_B, "A", ROLE_NOW, T12 | T31 | T40);
    check_kind(Q_PF_C, "ratio", ROLE_NOW, T31 | T40);
    check_kind(Q_FREQ, "Hz", ROLE_NOW, ALL);
    check_kind(Q_PULSE_COUNT_2, "pulses", ROLE_COUNTER, ALL);
}

/* A name says what its quantity is: so does its row. */
static void kinds_agree_with_names(void **state)
{
    static const struct {
        const char *begins;
        enum quantity_kind power, energy;
    } names[] = {
        { "kw", QUANTITY_ACTIVE, QUANTITY_ACTIVE_ENERGY },
        { "kvar", QUANTITY_REACTIVE, QUANTITY_REACTIVE_ENERGY },
        { "kva", QUANTITY_APPARENT, QUANTITY_APPARENT_ENERGY },
    };

    (void)state;
    for (int q = 0; q < QUANTITIES; q++)
        for (unsigned n = 0; n < COUNT_OF(names); n++) {
            size_t length = strlen(names[n].begins);
            const char *name = quantity_table[q].name;
            if (strncmp(name, names[n].begins, length) == 0 && name[length] == '_')
                assert_int_equal(quantity_table[q].kind, names[n].power);
            if (strncmp(name, names[n].begins, length) == 0 && name[length] == 'h')
                assert_int_equal(quantity_table[q].kind, names[n].energy);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_floats),
        cmocka_unit_test(floats_at_ties),
        cmocka_unit_test(known_floats),
        cmocka_unit_test(powers_of_ten),
        cmocka_unit_test(random_powers_of_ten),
        cmocka_unit_test(counts_per_unit),
        cmocka_unit_test(kinds_and_validity),
        cmocka_unit_test(kinds_agree_with_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
