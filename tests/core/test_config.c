/* Settings: defaults, ranges and rules of docs/decisions.md, Settings, and what follows
 * from them against formulas in floating point. */
#include "core/config.h"
#include "core/model.h"
#include "tests/support/check.h"

static struct random dice = { 6 };
static const uint16_t types[] = { 10, 11, 12, 31, 40 };

static struct settings with(uint16_t type, uint16_t ct, uint16_t volts)
{
    struct settings s;

    config_defaults(&s, &model_s4100);
    s.value[SETTING_SYSTEM_TYPE] = type;
    s.value[SETTING_CT_PRIMARY] = ct;
    s.value[SETTING_SYSTEM_VOLTAGE] = volts;
    return s;
}

static bool allows(const struct settings *s, enum setting id, uint16_t value)
{
    return config_allows(s, &model_s4100, id, value);
}

static void defaults(void **state)
{
    struct settings s;
    struct config c;

    (void)state;
    config_defaults(&s, &model_s4100);
    config_derive(&c, &s);
    assert_int_equal(s.value[SETTING_SYSTEM_TYPE], 40);
    assert_int_equal(s.value[SETTING_CT_PRIMARY], 100);
    assert_int_equal(s.value[SETTING_CT_SECONDARY], 1);
    assert_int_equal(s.value[SETTING_PT_RATIO], 100);
    assert_int_equal(s.value[SETTING_SYSTEM_VOLTAGE], 600);
    assert_int_equal(s.value[SETTING_DISPLAY_UNITS], 1);
    assert_int_equal(s.value[SETTING_PLOSS_VOLT], 10);
    assert_int_equal(s.value[SETTING_PLOSS_IMBAL], 25);
    assert_int_equal(s.value[SETTING_PULSE_ENERGY], 1000);
    assert_int_equal(s.value[SETTING_SUBINTERVALS], 1);
    assert_int_equal(s.value[SETTING_SUBINTERVAL_S], 900);
    assert_int_equal(s.value[SETTING_ADDRESS], 1);
    assert_int_equal(config_baud(&s), 19200);
    assert_int_equal(s.value[SETTING_PARITY], 0);
    assert_int_equal(c.exponent[UNIT_A], -2);
    assert_int_equal(c.exponent[UNIT_V], -1);
    assert_int_equal(c.exponent[UNIT_W], -2);
    assert_int_equal(c.exponent[UNIT_E], -2);
    assert_int_equal((c.max_power_uw + 5000000) / 10000000, 10392);
    assert_int_equal(c.pulse_ms, 500);
    assert_false(c.pulse_too_fast);
}

static void defaults_obey_the_rules(void **state)
{
    struct settings s;

    (void)state;
    config_defaults(&s, &model_s4100);
    for (int id = 0; id < SETTINGS; id++)
        assert_true(allows(&s, (enum setting)id, s.value[id]));
}

/* The smallest exponent for which limit ÷ 10^e ≤ most; near a border either will do. */
static void check_exponent(int got, long double limit, long double most)
{
    int e = -4;

    while (e < 4 && limit / powl(10, e) > most * (1 + 1e-8L))
        e++;
    if (got == e)
        return;
    while (e < 4 && limit / powl(10, e) > most * (1 - 1e-8L))
        e++;
    assert_int_equal(got, e);
}

static long double max_kw(const struct settings *s)
{
    uint16_t type = s->value[SETTING_SYSTEM_TYPE];
    long double va =
        (long double)s->value[SETTING_SYSTEM_VOLTAGE] * s->value[SETTING_CT_PRIMARY];

    return va / 1000 * (type == 31 || type == 40 ? sqrtl(3) : 1);
}

static void check_derived(const struct settings *s)
{
    struct config c;
    long double kw = max_kw(s);

    config_derive(&c, s);
    assert_near(c.max_power_uw * 1e-9L, kw, kw * 1e-9L + 1e-9L);
    check_exponent(c.exponent[UNIT_A], 1.2L * s->value[SETTING_CT_PRIMARY], 32767);
    check_exponent(c.exponent[UNIT_V], 1.2L * s->value[SETTING_SYSTEM_VOLTAGE], 32767);
    check_exponent(c.exponent[UNIT_W], 1.2L * kw, 32767);
    check_exponent(c.exponent[UNIT_E], kw * 24 * 365.25L * 10, 2147483647);
}

static void exponents_over_the_whole_range(void **state)
{
    (void)state;
    for (unsigned k = 0; k < COUNT_OF(types); k++) {
        for (unsigned ct = 1; ct <= 32000; ct += 1 + ct / 500) {
            struct settings s = with(types[k], (uint16_t)ct, 600);
            check_derived(&s);
        }
        for (unsigned volts = 82; volts <= 32000; volts += 1 + volts / 500) {
            struct settings s = with(types[k], 100, (uint16_t)volts);
            check_derived(&s);
        }
    }
    for (int n = 0; n < 20000; n++) {
        struct settings s = with(types[n % 5], (uint16_t)random_range(&dice, 1, 32000),
                                 (uint16_t)random_range(&dice, 82, 32000));
        s.value[SETTING_PT_RATIO] = (uint16_t)random_range(&dice, 1, 32000);
        check_derived(&s);
    }
}

static void phases_and_nominal_voltages(void **state)
{
    static const uint8_t phases[] = { 1, 1, 3, 7, 7 };
    static const double ln[] = { 480, 0, 240, 0, 277.128129211 };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(types); k++) {
        struct settings s = with(types[k], 100, 480);
        struct config c;
        config_derive(&c, &s);
        assert_int_equal(c.phases, phases[k]);
        assert_int_equal(config_phase_count(&c), k < 2 ? 1 : k == 2 ? 2 : 3);
        if (ln[k] > 0)
            assert_near(c.nominal_ln_uv * 1e-6L, ln[k], 1e-5L);
        if (types[k] != 10)
            assert_near(c.nominal_ll_uv * 1e-6L, 480, 1e-6L);
    }
}

/* The slowest duration that keeps up; 0 when none does. */
static unsigned expected_ms(const struct settings *s)
{
    static const unsigned durations[] = { 500, 250, 100, 50, 25, 10 };

    for (unsigned k = 0; k < COUNT_OF(durations); k++)
        if (1800000.0L * s->value[SETTING_PULSE_ENERGY] / durations[k] >=
            1000 * max_kw(s))
            return durations[k];
    return 0;
}

static void pulse_durations(void **state)
{
    static const uint16_t energies[] = { 10, 100, 1000, 10000 };

    (void)state;
    for (int n = 0; n < 40000; n++) {
        uint16_t ct = (uint16_t)(1 + (random_length(&dice) >> 8) % 32000);
        struct settings s =
            with(types[n % 5], ct, (uint16_t)random_range(&dice, 82, 32000));
        struct config c;
        s.value[SETTING_PULSE_ENERGY] = energies[random_range(&dice, 0, 3)];
        config_derive(&c, &s);
        unsigned ms = expected_ms(&s);
        assert_int_equal(c.pulse_too_fast, ms == 0);
        assert_int_equal(c.pulse_ms, ms ? ms : 10);
    }
}

/* Type 10 at 360 V: maximum power is 360 W per ampere, capacities are whole numbers. */
static void pulse_durations_at_the_limit(void **state)
{
    static const struct {
        uint16_t ct, ms;
    } rows[] = {
        { 100, 500 }, { 101, 250 }, { 200, 250 }, { 201, 100 },
        { 500, 100 }, { 501, 50 },  { 1000, 50 }, { 1001, 25 },
        { 2000, 25 }, { 2001, 10 }, { 5000, 10 },
    };

    (void)state;
    for (unsigned k = 0; k < COUNT_OF(rows); k++) {
        struct settings s = with(10, rows[k].ct, 360);
        struct config c;
        s.value[SETTING_PULSE_ENERGY] = 10;
        config_derive(&c, &s);
        assert_int_equal(c.pulse_ms, rows[k].ms);
        assert_false(c.pulse_too_fast);
        assert_true(allows(&s, SETTING_PULSE_ENERGY, 10));
    }
    struct settings s = with(10, 5001, 360);
    struct config c;
    s.value[SETTING_PULSE_ENERGY] = 10;
    config_derive(&c, &s);
    assert_true(c.pulse_too_fast);
    assert_false(allows(&s, SETTING_PULSE_ENERGY, 10));
    assert_true(allows(&s, SETTING_PULSE_ENERGY, 100));
}

static void check_only(enum setting id, const uint16_t *good, unsigned count)
{
    struct settings s = with(40, 100, 600);

    for (uint32_t value = 0; value <= 65535; value++) {
        bool expected = false;
        for (unsigned k = 0; k < count; k++)
            expected |= good[k] == value;
        if (allows(&s, id, (uint16_t)value) != expected)
            fail_msg("%s = %u", setting_table[id].name, value);
    }
}

static void check_range(enum setting id, uint16_t min, uint16_t max)
{
    struct settings s = with(40, 100, 600);

    for (uint32_t value = 0; value <= 65535; value++)
        if (allows(&s, id, (uint16_t)value) != (value >= min && value <= max))
            fail_msg("%s = %u", setting_table[id].name, value);
}

static void ranges(void **state)
{
    (void)state;
    check_only(SETTING_SYSTEM_TYPE, types, COUNT_OF(types));
    check_only(SETTING_CT_SECONDARY, (const uint16_t[]){ 1, 3 }, 2);
    check_only(SETTING_PULSE_ENERGY, (const uint16_t[]){ 10, 100, 1000, 10000 }, 4);
    check_range(SETTING_CT_PRIMARY, 1, 32000);
    check_range(SETTING_PT_RATIO, 1, 32000);
    check_range(SETTING_SYSTEM_VOLTAGE, 82, 660);
    check_range(SETTING_DISPLAY_UNITS, 0, 1);
    check_range(SETTING_PLOSS_VOLT, 1, 99);
    check_range(SETTING_PLOSS_IMBAL, 1, 99);
    check_range(SETTING_SUBINTERVALS, 1, 6);
    check_range(SETTING_ADDRESS, 1, 247);
    check_range(SETTING_PARITY, 0, 2);
}

static void subinterval_is_zero_or_ten_and_more(void **state)
{
    struct settings s = with(40, 100, 600);

    (void)state;
    for (uint32_t value = 0; value <= 65535; value++)
        assert_int_equal(allows(&s, SETTING_SUBINTERVAL_S, (uint16_t)value),
                         value == 0 || (value >= 10 && value <= 32767));
}

static void system_voltage_over_the_pt_ratio(void **state)
{
    struct settings s = with(40, 100, 600);

    (void)state;
    for (int n = 0; n < 200000; n++) {
        uint16_t ratio = (uint16_t)(1 + (random_length(&dice) >> 8) % 32000);
        uint16_t volts = (uint16_t)random_range(&dice, 0, 33000);
        if (n & 1) /* at a limit, or one beside it */
            volts = (uint16_t)((n & 2 ? 660 : 82) * ratio / 100 +
                               random_range(&dice, 0, 2));
        s.value[SETTING_PT_RATIO] = ratio;
        bool expected = volts >= 82 && volts <= 32000 && volts * 100 >= 82 * ratio &&
                        volts * 100 <= 660 * ratio;
        assert_int_equal(allows(&s, SETTING_SYSTEM_VOLTAGE, volts), expected);
    }
}

static void every_setting_has_its_own_register(void **state)
{
    (void)state;
    for (int id = 0; id < SETTINGS; id++)
        for (int other = 0; setting_table[id].reg && other < id; other++)
            assert_int_not_equal(setting_table[id].reg, setting_table[other].reg);
}

static void baud_rates(void **state)
{
    static const uint32_t bauds[] = { 1200, 2400, 4800, 9600, 19200, 38400 };
    bool seen[COUNT_OF(bauds)] = { false };

    (void)state;
    for (uint16_t k = 0; k < COUNT_OF(bauds); k++) {
        struct settings s = with(40, 100, 600);
        s.value[SETTING_BAUD] = k;
        assert_true(allows(&s, SETTING_BAUD, k));
        for (unsigned j = 0; j < COUNT_OF(bauds); j++)
            seen[j] |= config_baud(&s) == bauds[j];
    }
    for (unsigned j = 0; j < COUNT_OF(bauds); j++)
        assert_true(seen[j]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),
        cmocka_unit_test(defaults_obey_the_rules),
        cmocka_unit_test(exponents_over_the_whole_range),
        cmocka_unit_test(phases_and_nominal_voltages),
        cmocka_unit_test(pulse_durations),
        cmocka_unit_test(pulse_durations_at_the_limit),
        cmocka_unit_test(ranges),
        cmocka_unit_test(subinterval_is_zero_or_ten_and_more),
        cmocka_unit_test(system_voltage_over_the_pt_ratio),
        cmocka_unit_test(every_setting_has_its_own_register),
        cmocka_unit_test(baud_rates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
