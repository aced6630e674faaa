/* Register 146: each bit on either side of its threshold, for every system type to
 * which it applies; docs/decisions.md, Alerts. */
#include "core/alert.h"
#include "core/metering.h"
#include "tests/support/check.h"

static const uint16_t types[] = { 10, 11, 12, 31, 40 };
static const int phase_count[] = { 1, 1, 2, 3, 3 };
static const bool has_ln[] = { true, false, true, false, true };
static const int ll_count[] = { 0, 1, 1, 3, 3 };

static struct settings s;
static struct config c;
static struct metering m;
static struct second x;
static int type; /* index */
static struct alert_rules rules;

static void configure(void)
{
    static const struct calibration none;

    const struct metering_setup setup = { &s, &c, &model_s4100, &none };

    config_derive(&c, &s);
    metering_start(&m, &setup);
}

/* A healthy second at `volts` per element, 50 A, PF 1, 60 Hz. What a type does not use
 * holds values that would ring every bell. */
static void healthy(double ln, double ll)
{
    memset(&x, 0, sizeof x);
    for (int k = 0; k < 3; k++) {
        bool used = k < phase_count[type];
        x.v[k] = used && has_ln[type] ? (uint64_t)llrint(ln * 1e6) : 1;
        x.vll[k] = k < ll_count[type] ? (uint64_t)llrint(ll * 1e6) : 1;
        x.i[k] = used ? 50000000 : 999000000;
        x.s[k] = 6000000000;
        x.p[k] = used ? 6000000000 : 1;
    }
    x.uhz = 60000000;
}

/* Type, nominal voltage, limits for phase loss. */
static void start(int index, uint16_t volts, uint16_t loss, uint16_t imbalance)
{
    type = index;
    rules = model_s4100.rules;
    config_defaults(&s, &model_s4100);
    s.value[SETTING_SYSTEM_TYPE] = types[type];
    s.value[SETTING_SYSTEM_VOLTAGE] = volts;
    s.value[SETTING_PLOSS_VOLT] = loss;
    s.value[SETTING_PLOSS_IMBAL] = imbalance;
    configure();
}

static unsigned bits(void)
{
    return alert_bits(&m, &s, &c, &rules, &x);
}

static void check(unsigned expected)
{
    unsigned got = bits();

    if (got != expected)
        fail_msg("type %d: %04x, expected %04x", types[type], got, expected);
}

/* The element voltages of the type: L-N, or L-L where only that is measured. */
static uint64_t *element(int k)
{
    return has_ln[type] ? &x.v[k] : &x.vll[k];
}

static void set_volts(uint64_t *at, double volts)
{
    *at = (uint64_t)llrint(volts * 1e6);
}

static void silent_when_healthy(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++) {
        start(t, 240, 10, 25);
        healthy(t == 0 ? 240 : t == 2 ? 120 : 138.6, 240);
        check(0);
    }
}

static void voltage_above_the_over_range(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++)
        for (int k = 0; k < phase_count[t]; k++) {
            start(t, 600, 10, 25);
            healthy(410, 710);
            set_volts(element(k), has_ln[t] ? 416.3 : 719.9);
            check(0);
            set_volts(element(k), has_ln[t] ? 416.5 : 721.5);
            check(1u << k);
        }
}

/* A healthy nominal never alarms, low or high, at whatever PT: 82-660 V, the limits of
 * register 134; on type 10 up to 416 V, where the front end begins to clip. */
static void no_healthy_nominal_alarms(void **state)
{
    static const uint16_t ratios[] = { 100, 200, 2000, 4800 };

    (void)state;
    for (int t = 0; t < 5; t++)
        for (size_t n = 0; n < COUNT_OF(ratios); n++)
            for (int volts = 82; volts <= (t == 0 ? 416 : 660); volts++) {
                double nominal = volts * ratios[n] / 100.0;
                start(t, (uint16_t)nominal, 10, 25);
                s.value[SETTING_PT_RATIO] = ratios[n];
                configure();
                healthy(t == 0   ? nominal
                        : t == 2 ? nominal / 2
                                 : nominal / sqrt(3),
                        nominal);
                check(0);
            }
    start(0, 417, 10, 25);
    healthy(417, 0);
    check(ALERT_VOLTAGE_A);
}

/* The limit is at the input: twice as high behind a PT of 2:1. */
static void voltage_limit_scales_with_the_pt(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++) {
        start(t, 480, 10, 25);
        s.value[SETTING_PT_RATIO] = 200;
        configure();
        healthy(820, 1420);
        check(0);
        set_volts(element(0), has_ln[t] ? 833 : 1443);
        check(1);
    }
}

/* However low: a low voltage is the business of phase loss alone. */
static void a_low_voltage_is_not_out_of_range(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++)
        for (int volts = 25; volts < 90; volts++) {
            start(t, 240, 10, 99);
            healthy(volts, volts);
            check(0);
        }
    start(4, 480, 10, 99);
    healthy(277, 480);
    set_volts(&x.v[1], 27);
    check(1u << 9);
}

static void current_above_the_over_range(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++)
        for (int k = 0; k < phase_count[t]; k++) {
            start(t, 240, 10, 25);
            healthy(t == 0 ? 240 : t == 2 ? 120 : 138.6, 240);
            x.i[k] = 120000000;
            check(0);
            x.i[k] = 120000001;
            check(1u << (3 + k));
        }
}

static void frequency(void **state)
{
    static const int64_t good[] = { 45000000, 50000000, 65000000 };
    static const int64_t bad[] = { 0, 44990000, 65010000 };

    (void)state;
    for (int t = 0; t < 5; t++) {
        start(t, 240, 10, 25);
        healthy(t == 0 ? 240 : t == 2 ? 120 : 138.6, 240);
        for (int k = 0; k < 3; k++) {
            x.uhz = good[k];
            check(0);
            x.uhz = bad[k];
            check(1 << 6);
        }
    }
}

static double nominal_ln(int t)
{
    return t == 0 ? 480 : t == 2 ? 240 : 480 / sqrt(3);
}

/* Threshold 30 % of nominal; 99 % imbalance keeps that test out of it. */
static void phase_voltage_below_the_threshold(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++)
        for (int k = 0; k < phase_count[t] && has_ln[t]; k++) {
            start(t, 480, 30, 99);
            s.value[SETTING_PT_RATIO] = 100;
            healthy(nominal_ln(t), 480);
            set_volts(&x.v[k], nominal_ln(t) * 0.301);
            assert_int_equal(bits() & ALERT_PHASE_LOSS, 0);
            set_volts(&x.v[k], nominal_ln(t) * 0.299);
            assert_int_equal(bits() & ALERT_PHASE_LOSS, 1 << (8 + k));
        }
}

static void line_voltage_below_the_threshold(void **state)
{
    static const unsigned pair[] = { 3, 6, 5 };

    (void)state;
    for (int t = 0; t < 5; t++)
        for (int k = 0; k < ll_count[t]; k++) {
            start(t, 480, 30, 99);
            healthy(nominal_ln(t), 480);
            set_volts(&x.vll[k], 480 * 0.301);
            assert_int_equal(bits() & ALERT_PHASE_LOSS, 0);
            set_volts(&x.vll[k], 480 * 0.299);
            unsigned lost = bits() >> 8 & 7;
            assert_true(lost && !(lost & ~pair[k]));
        }
}

/* Register 142's worked example: 480 V, 10 %: a drop below 432 V, 249 V L-N. */
static void the_other_reading_of_register_142(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++)
        for (int k = 0; k < phase_count[t]; k++) {
            start(t, 480, 10, 99);
            rules.phase_loss = PHASE_LOSS_DROP_PERCENT;
            healthy(nominal_ln(t), 480);
            if (t == 0) /* 480 V L-N is above the over-range */
                s.value[SETTING_SYSTEM_VOLTAGE] = 240, configure(), healthy(240, 0);
            double nominal = t == 0 ? 240 : has_ln[t] ? nominal_ln(t) : 480;
            set_volts(element(k), nominal * 0.901);
            check(0);
            set_volts(element(k), nominal * 0.899);
            assert_true(bits() & ALERT_PHASE_LOSS);
        }
}

/* One conductor of a delta is dead: its star floats between the two others. */
static void a_dead_conductor_names_its_phase(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) {
        start(3, 480, 10, 25);
        healthy(277, 480);
        set_volts(&x.vll[k], 240);
        set_volts(&x.vll[(k + 2) % 3], 240);
        assert_int_equal(bits() & ALERT_PHASE_LOSS, 1 << (8 + k));
        start(4, 480, 10, 25);
        healthy(277.1, 480);
        set_volts(&x.v[k], 0);
        set_volts(&x.vll[k], 277.1);
        set_volts(&x.vll[(k + 2) % 3], 277.1);
        assert_int_equal(bits() & ALERT_PHASE_LOSS, 1 << (8 + k));
    }
    start(4, 480, 10, 25);
    healthy(0, 0);
    assert_int_equal(bits() & ALERT_PHASE_LOSS, ALERT_PHASE_LOSS);
    start(2, 240, 10, 25);
    healthy(120, 240);
    set_volts(&x.v[0], 0);
    set_volts(&x.vll[0], 120);
    assert_int_equal(bits() & ALERT_PHASE_LOSS, ALERT_PHASE_LOSS_A);
}

/* 25 % of the higher voltage: 75 against 100. */
static void imbalance_of_phase_voltages(void **state)
{
    (void)state;
    for (int t = 2; t <= 4; t += 2)
        for (int k = 0; k < phase_count[t]; k++) {
            start(t, t == 2 ? 400 : 346, 10, 25);
            healthy(200, t == 2 ? 400 : 346);
            set_volts(&x.v[k], 150.1);
            check(0);
            set_volts(&x.v[k], 149.9);
            check(1u << (8 + k));
            set_volts(&x.v[k], 266.6); /* the one that is high; the others are low */
            check(0);
            set_volts(&x.v[k], 266.7);
            check((c.phases & ~(1u << k)) << 8);
        }
}

/* Of line voltages one that is low names both its phases, two what they share. */
static void imbalance_of_line_voltages(void **state)
{
    static const unsigned both[] = { 3, 6, 5 }, shared[] = { 2, 4, 1 };

    (void)state;
    for (int t = 3; t < 5; t++)
        for (int k = 0; k < 3; k++) {
            start(t, 480, 10, 25);
            healthy(277, 480);
            set_volts(&x.vll[k], 480 * 0.751);
            check(0);
            set_volts(&x.vll[k], 480 * 0.749);
            check(both[k] << 8);
            set_volts(&x.vll[(k + 1) % 3], 480 * 0.749);
            check(shared[k] << 8);
        }
}

/* As it is found in the field. */
static void imbalance_of_sites(void **state)
{
    (void)state;
    start(4, 480, 10, 25);
    healthy(277, 480);
    set_volts(&x.v[1], 190);
    set_volts(&x.vll[0], 406.9);
    set_volts(&x.vll[1], 406.9);
    check(ALERT_PHASE_LOSS_B);
    start(2, 240, 10, 25);
    healthy(150, 245);
    set_volts(&x.v[1], 95);
    check(ALERT_PHASE_LOSS_B);
    start(4, 240, 10, 25); /* a high leg */
    healthy(120, 240);
    set_volts(&x.v[1], 208);
    check(ALERT_PHASE_LOSS_A | ALERT_PHASE_LOSS_C);
    s.value[SETTING_PLOSS_IMBAL] = 43;
    check(0);
}

/* The switch: 25 % of the average; of two, 60 against 100; of three, 66.7 against
 * 100. */
static void imbalance_from_the_average(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++) {
        start(2, 300, 10, 25);
        rules.imbalance = IMBALANCE_FROM_AVERAGE;
        healthy(200, 400);
        set_volts(&x.v[k], 120.2);
        check(0);
        set_volts(&x.v[k], 119.8);
        check(1u << (8 + k));
    }
    for (int t = 3; t < 5; t++)
        for (int k = 0; k < 3; k++) {
            start(t, 480, 10, 25);
            rules.imbalance = IMBALANCE_FROM_AVERAGE;
            healthy(277, 480);
            set_volts(&x.vll[k], 480 * 0.6675);
            check(0);
            set_volts(&x.vll[k], 480 * 0.6660);
            assert_true(bits() & ALERT_PHASE_LOSS);
            set_volts(&x.vll[k], 480);
            if (t == 4) {
                set_volts(&x.v[k], 277 * 0.6675);
                check(0);
                set_volts(&x.v[k], 277 * 0.6660);
                check(1u << (8 + k));
            }
        }
}

/* Types with one voltage know no imbalance; 12 does not compare A-B with A-N. */
static void no_imbalance_where_there_is_one_voltage(void **state)
{
    (void)state;
    for (int t = 0; t < 3; t++) {
        start(t, 240, 10, 1);
        healthy(t == 0 ? 240 : 130, 190);
        check(0);
    }
}

static void low_power_factor(void **state)
{
    (void)state;
    for (int t = 0; t < 5; t++)
        for (int k = 0; k < phase_count[t]; k++)
            for (int sign = -1; sign <= 1; sign += 2) {
                start(t, 240, 10, 25);
                healthy(t == 0 ? 240 : t == 2 ? 120 : 138.6, 240);
                x.p[k] = sign * 3000000000;
                check(0);
                x.p[k] = sign * 2999000000;
                check(1u << (11 + k));
            }
    x.s[2] = 0; /* no load: power factor 1 */
    x.p[2] = 0;
    check(0);
}

/* Register 146 as the manual's table has it. */
static void names_of_the_bits(void **state)
{
    static const char *const words[ALERT_BITS] = {
        "voltage out of range A", "voltage out of range B", "voltage out of range C",
        "current out of range A", "current out of range B", "current out of range C",
        "frequency out of range", "fault inside the meter", "phase loss A",
        "phase loss B",           "phase loss C",           "low power factor A",
        "low power factor B",     "low power factor C",     "pulse overrun",
        "pulse configuration",
    };

    (void)state;
    for (int bit = 0; bit < ALERT_BITS; bit++) {
        const struct alert_row *row = &alert_table[bit];
        assert_string_equal(row->full_words, words[bit]);
        assert_int_equal(strlen(row->full_words),
                         strlen(row->words) + strlen(row->phase));
        assert_true(row->screen < ALERT_SCREENS);
        assert_true(strlen(row->shown) < ALERT_TEXT);
        for (int other = 0; other < bit; other++)
            assert_string_not_equal(row->name, alert_table[other].name);
    }
}

static void check_screen(uint16_t alerts, enum alert_screen screen, const char *text)
{
    char got[ALERT_TEXT];

    alert_text(alerts, screen, got);
    assert_string_equal(got, text);
}

static void screens_of_the_bits(void **state)
{
    (void)state;
    check_screen(0, ALERT_SCREEN_PLOSS, "nOnE");
    check_screen(0xF8FF, ALERT_SCREEN_PLOSS, "nOnE");
    check_screen(0x0700, ALERT_SCREEN_PLOSS, "A b C");
    check_screen(0x0200, ALERT_SCREEN_PLOSS, "  b  ");
    check_screen(0x0500, ALERT_SCREEN_PLOSS, "A   C");
    check_screen(0x2000, ALERT_SCREEN_LOWPF, "    C");
    check_screen(0x0001, ALERT_SCREEN_V_OVR, "A    ");
    check_screen(0x0010, ALERT_SCREEN_I_OVR, "  b  ");
    check_screen(0x0040, ALERT_SCREEN_F_ERR, "A");
    check_screen(0x8000, ALERT_SCREEN_PULSE, "ConF");
    check_screen(0xC000, ALERT_SCREEN_PULSE, "Error"); /* it outranks ConF */
    check_screen(0x0080, ALERT_SCREEN_PULSE, "nOnE");
    check_screen(0x0080, ALERT_SCREEN_FAULT, "Error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silent_when_healthy),
        cmocka_unit_test(voltage_above_the_over_range),
        cmocka_unit_test(no_healthy_nominal_alarms),
        cmocka_unit_test(voltage_limit_scales_with_the_pt),
        cmocka_unit_test(a_low_voltage_is_not_out_of_range),
        cmocka_unit_test(current_above_the_over_range),
        cmocka_unit_test(frequency),
        cmocka_unit_test(phase_voltage_below_the_threshold),
        cmocka_unit_test(line_voltage_below_the_threshold),
        cmocka_unit_test(the_other_reading_of_register_142),
        cmocka_unit_test(a_dead_conductor_names_its_phase),
        cmocka_unit_test(imbalance_of_phase_voltages),
        cmocka_unit_test(imbalance_of_line_voltages),
        cmocka_unit_test(imbalance_of_sites),
        cmocka_unit_test(imbalance_from_the_average),
        cmocka_unit_test(no_imbalance_where_there_is_one_voltage),
        cmocka_unit_test(low_power_factor),
        cmocka_unit_test(names_of_the_bits),
        cmocka_unit_test(screens_of_the_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
