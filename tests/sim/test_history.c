/* Headings in four languages, times and numbers as people write them. */
#include "sim/history/heading.h"
#include "sim/history/moment.h"
#include "sim/history/number.h"
#include <glib.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *text, *name;
    double factor;
} headings[] = {
    { "Voltage A", "v_an", 1 },
    { "Voltage L1-L2 (kV)", "v_ab", 1000 },
    { "U12", "v_ab", 1 },
    { "UL31", "v_ac", 1 },
    { "Phase 2 Voltage", "v_bn", 1 },
    { "V_LL_avg", "vll_avg", 1 },
    { "Voltage Line to Neutral Average", "vln_avg", 1 },
    { "Current Phase C [A]", "i_c", 1 },
    { "I2", "i_b", 1 },
    { "IR", "i_a", 1 },
    { "Average current", "i_avg", 1 },
    { "Real Power (kW)", "kw_total", 1 },
    { "kW", "kw_total", 1 },
    { "kW_B", "kw_b", 1 },
    { "kWtot", "kw_total", 1 },
    { "P [W]", "kw_total", 0.001 },
    { "Reactive Power L3 / kvar", "kvar_c", 1 },
    { "Q1 (kvar)", "kvar_a", 1 },
    { "Apparent Power Total kVA", "kva_total", 1 },
    { "Power Factor", "pf_total", 1 },
    { "PF a", "pf_a", 1 },
    { "Cos φ", "pf_total", 1 },
    { "Power factor [%]", "pf_total", 0.01 },
    { "Frequency", "freq", 1 },
    { "Energy Import kWh", "kwh_import", 1 },
    { "Active energy delivered [MWh]", "kwh_import", 1000 },
    { "kWh received", "kwh_export", 1 },
    { "kWh net", "kwh_net", 1 },
    { "kvarh Q1", "kvarh_q1", 1 },
    { "Reactive energy export [kvarh]", "kvarh_export", 1 },
    { "kVAh", "kvah_import", 1 },
    { "Demand kW", "kw_demand_present", 1 },
    { "Maximum demand [kW]", "kw_demand_max_import", 1 },
    { "kw_demand_max_export", "kw_demand_max_export", 1 },
    { "Spannung L1", "v_an", 1 },
    { "Außenleiterspannung", "vll_avg", 1 },
    { "Sternspannung L2 (V)", "v_bn", 1 },
    { "Strom L2 A", "i_b", 1 },
    { "Wirkleistung gesamt [kW]", "kw_total", 1 },
    { "Leistung L3 in kW", "kw_c", 1 },
    { "Blindleistung kvar", "kvar_total", 1 },
    { "Leistungsfaktor", "pf_total", 1 },
    { "Zählerstand Bezug kWh", "kwh_import", 1 },
    { "Wirkarbeit Einspeisung (kWh)", "kwh_export", 1 },
    { "Netzfrequenz [Hz]", "freq", 1 },
    { "Tension composée (V)", "vll_avg", 1 },
    { "Courant phase 1", "i_a", 1 },
    { "Puissance réactive [kvar]", "kvar_total", 1 },
    { "Puissance apparente (kVA)", "kva_total", 1 },
    { "Énergie active injectée kWh", "kwh_export", 1 },
    { "Fréquence", "freq", 1 },
    { "Tensión R", "v_an", 1 },
    { "Tensión S", "v_bn", 1 },
    { "Corriente T (A)", "i_c", 1 },
    { "Potencia activa fase 2 [kW]", "kw_b", 1 },
    { "Factor de potencia", "pf_total", 1 },
    { "Energía reactiva importada [kvarh]", "kvarh_import", 1 },
};

static void test_headings(void **state)
{
    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(headings); k++) {
        struct heading h;
        heading_parse(headings[k].text, &h);
        if (h.kind != HEADING_QUANTITY)
            fail_msg("'%s' is no reading: %s", headings[k].text, h.why);
        assert_string_equal(heading_name(h.quantity), headings[k].name);
        assert_float_equal(h.factor, headings[k].factor, 1e-9);
    }
}

static void test_other_headings(void **state)
{
    static const struct {
        const char *text;
        enum heading_kind kind;
    } others[] = {
        { "Timestamp", HEADING_TIME },
        { "Date et heure", HEADING_TIME },
        { "Fecha", HEADING_DATE },
        { "Uhrzeit", HEADING_TIME },
        { "Alarms", HEADING_ALERTS },
        { "Temperature A", HEADING_UNUSED },
        { "THD V1 %", HEADING_UNUSED },
        { "Max current A", HEADING_UNUSED },
        { "Remarks", HEADING_UNUSED },
        { "Power", HEADING_OPEN },
        { "Energy", HEADING_OPEN },
        { "Voltage", HEADING_OPEN },
        { "Voltage L1 line to line", HEADING_OPEN },
        { "P A B C kW", HEADING_OPEN },
        { "VA", HEADING_OPEN },
        { "Energía [kW]", HEADING_OPEN },
        { "", HEADING_UNUSED },
        { "current a b c", HEADING_OPEN },
    };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(others); k++) {
        struct heading h;
        heading_parse(others[k].text, &h);
        if (h.kind != others[k].kind)
            fail_msg("'%s' is of kind %d", others[k].text, (int)h.kind);
    }
}

/* 2026-11-01 00:15 UTC. */
#define QUARTER 1793492100000

static void test_moments(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } times[] = {
        { "2026-11-01 00:15", QUARTER },
        { " 2026-11-01T00:15:00.250Z ", QUARTER + 250 },
        { "2026-11-01T01:15:00+01:00", QUARTER },
        { "2026-10-31 19:15:00-0500", QUARTER },
        { "2026-11-01 02:15 CEST", QUARTER + 0 },
        { "2026/11/1 0:15:00", QUARTER },
        { "01.11.2026 00:15", QUARTER },
        { "1.11.26, 00:15", QUARTER },
        { "31.10.2026 24:00", QUARTER - 900000 },
        { "01-Nov-2026 12:15:00 AM", QUARTER },
        { "1 nov. 2026 0:15", QUARTER },
        { "01-Déc-2026 00:15", QUARTER + 30 * 86400000LL },
        { "11/01/2026 12:15 a.m.", QUARTER },
        { "11/01/2026 12:15 PM", QUARTER + 43200000 },
        { "1793492100", QUARTER },
        { "1793492100.5", QUARTER + 500 },
        { "1793492100000", QUARTER },
        { "90.5", 90500 },
    };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(times); k++) {
        struct moment m;
        int64_t ms = 0;
        bool twice;
        if (!moment_parse(times[k].text, &m) ||
            moment_resolve(&m, MOMENT_MONTH_FIRST, NULL, 0, &ms, &twice))
            fail_msg("'%s' is no time", times[k].text);
        if (ms != times[k].ms)
            fail_msg("'%s' is off by %g s", times[k].text,
                     (double)(ms - times[k].ms) / 1000);
    }
}

static void test_no_moments(void **state)
{
    static const char *const none[] = {
        "",
        "-",
        "now",
        "2026-11",
        "2026-11-01 25:00",
        "2026-11-01 00:60",
        "1/2",
        "01/11/126",
        "2026-11-01 00:15 EST",
        "2026-11-01 13:15 PM",
        "12:15 xm",
        "1e9",
        "0x10",
        "2026-11-01-01",
        "99999999999999999999",
        "2026-11-01 00:15:00 Z Z",
        "2026-11-01 00:15+99:00",
    };
    struct moment m;

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(none); k++)
        if (moment_parse(none[k], &m))
            fail_msg("'%s' is no time", none[k]);
}

/* Both clock changes of Berlin, and an hour that comes twice. */
static void test_zones(void **state)
{
    GTimeZone *zone = g_time_zone_new_identifier("Europe/Berlin");
    struct moment m;
    int64_t ms, first;
    bool twice;

    (void)state;
    assert_true(moment_parse("2026-10-25 02:30", &m));
    assert_int_equal(moment_resolve(&m, 0, zone, 0, &first, &twice), 0);
    assert_true(twice);
    assert_int_equal(moment_resolve(&m, 0, zone, first, &ms, &twice), 0);
    assert_int_equal(ms - first, 3600000);
    assert_true(moment_parse("2026-03-29 02:30", &m));
    assert_int_equal(moment_resolve(&m, 0, zone, 0, &ms, &twice), MOMENT_SKIPPED);
    assert_true(moment_parse("2026-07-01 12:00", &m));
    assert_int_equal(moment_resolve(&m, 0, zone, 0, &ms, &twice), 0);
    assert_int_equal(ms, 1782900000000);
    assert_false(twice);
    g_time_zone_unref(zone);
}

static void test_numbers(void **state)
{
    static const struct {
        const char *text;
        enum number_mark mark;
        double value;
        int decimals;
    } numbers[] = {
        { "12.5", NUMBER_POINT, 12.5, 1 },
        { "1,234.50", NUMBER_POINT, 1234.5, 2 },
        { "1.234,5", NUMBER_COMMA, 1234.5, 1 },
        { "1 234,5", NUMBER_COMMA, 1234.5, 1 },
        { "1\xC2\xA0"
          "234,5",
          NUMBER_COMMA, 1234.5, 1 },
        { "1'234.5", NUMBER_POINT, 1234.5, 1 },
        { "-0,25", NUMBER_COMMA, -0.25, 2 },
        { "\xE2\x88\x92"
          "3",
          NUMBER_POINT, -3, 0 },
        { "1.5e3", NUMBER_POINT, 1500, 1 },
        { "+7", NUMBER_POINT, 7, 0 },
        { ".5", NUMBER_POINT, 0.5, 1 },
    };
    static const char *const none[] = { "",    "-",     "NaN",   "inf",  "1.2.3",
                                        "1 2", "12 kW", "0x10",  "1,23", "--1",
                                        "e",   "1e400", "1,,234" };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++) {
        double value;
        int decimals;
        if (!number_parse(numbers[k].text, numbers[k].mark, &value, &decimals))
            fail_msg("'%s' is no number", numbers[k].text);
        assert_float_equal(value, numbers[k].value, 1e-9);
        assert_int_equal(decimals, numbers[k].decimals);
    }
    for (size_t k = 0; k < G_N_ELEMENTS(none); k++) {
        double value;
        int decimals;
        if (number_parse(none[k], NUMBER_POINT, &value, &decimals))
            fail_msg("'%s' is no number", none[k]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings), cmocka_unit_test(test_other_headings),
        cmocka_unit_test(test_moments),  cmocka_unit_test(test_no_moments),
        cmocka_unit_test(test_zones),    cmocka_unit_test(test_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
