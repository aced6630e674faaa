/* Calibration of simulated boards: tolerances leave, defects are refused by name, the seal
 * stands afterwards; boards are the same for the same seed. */
#include "sim/factory/calibration.h"
#include "sim/factory/certificate.h"
#include "sim/factory/port_field.h"
#include "sim/factory/port_unit.h"
#include "sim/factory/tolerance.h"
#include "sim/plant/demo.h"
#include "tests/support/check.h"
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <math.h>

static struct unit *new_unit(const struct model *model)
{
    const struct demo d = { .model = model,
                            .system_type = 40,
                            .ct_primary_a = 100,
                            .pt_ratio = 1,
                            .volts_ll = 480,
                            .hz = 60,
                            .pf = 1 };
    struct unit *u = demo_unit(&d, 0);

    assert_non_null(u);
    return u;
}

static const struct calibration_plan plan = { .source = { 240, 5, 60, 1 },
                                              .source_percent = 0.02,
                                              .seconds = 3,
                                              .settle_s = 2,
                                              .seals = true };

static bool calibrate(struct unit *u, struct calibration_result *r, GError **error)
{
    const struct port port = port_unit(u);

    return calibration_run(&port, &plan, r, error);
}

static void set(struct unit *u, enum fault_id fault, double a, double b, double c)
{
    unit_set_fault(u, fault, 0, a);
    unit_set_fault(u, fault, 1, b);
    unit_set_fault(u, fault, 2, c);
}

/* Each constant is what the part is off by. 5 us are 1885 urad at 60 Hz. */
static void expect_constants(const struct model *model)
{
    struct unit *u = new_unit(model);
    struct calibration_result r;
    GError *error = NULL;

    set(u, FAULT_ADC_GAIN_V, 1, -1, 0);
    set(u, FAULT_ADC_GAIN_I, 0, 2, -3);
    set(u, FAULT_SKEW_I, 5, 0, -5);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, 20);
    port_unit_restart(u, true);
    assert_true(calibrate(u, &r, &error));
    assert_true(r.passed);
    assert_true(r.sealed);
    const struct meter_constants *c = &r.constants;
    const double gain[HAL_CHANNELS] = { -9901, 10101, 0, 0, -19608, 30928 };
    const double angle[3] = { -1885, 0, 1885 };
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        assert_true(fabs(c->gain_ppm[ch] - gain[ch]) < 30);
    for (int k = 0; k < 3; k++) {
        assert_true(fabs(c->phase_urad[k] - angle[k]) < 30);
        assert_in_range(c->offset_codes2[3 + k], 300, 500); /* noise of 20 codes */
    }
    for (int n = 0; n < CALIBRATION_CHECKS; n++)
        for (int k = 0; k < 3; k++)
            assert_true(fabs(r.check[n].error_percent[k]) < 0.02);
    unit_free(u);
}

static void test_constants_are_what_parts_are_off_by(void **state)
{
    (void)state;
    expect_constants(&model_s4100);
    expect_constants(&model_s4000r); /* whose integrator leads by itself */
}

static void expect_error(struct unit *u, const char *part)
{
    struct calibration_result r;
    GError *error = NULL;

    assert_false(calibrate(u, &r, &error));
    if (!strstr(error->message, part))
        fail_msg("\"%s\" does not speak of \"%s\"", error->message, part);
    g_error_free(error);
}

static void test_the_seal_ends_it_and_is_counted(void **state)
{
    struct unit *u = new_unit(&model_s4100);
    const struct port port = port_unit(u);
    struct calibration_result r;
    struct meter_identity id;

    (void)state;
    expect_error(u, "PC13");
    port_unit_restart(u, true);
    assert_true(calibrate(u, &r, NULL));
    expect_error(u, "sealed");
    port_unit_restart(u, true);
    assert_false(meter_break_seal(&port, 1, NULL));
    assert_true(meter_break_seal(&port, demo_serial(0), NULL));
    assert_true(calibrate(u, &r, NULL));
    assert_true(meter_identify(&port, &id, NULL));
    assert_int_equal(id.seals_broken, 1);
    assert_int_equal(id.calibrations, 4); /* unity and constants, twice */
    assert_int_equal(id.serial, demo_serial(0));
    assert_true(id.constants_crc == r.after.constants_crc);
    unit_free(u);
}

static void test_what_is_wrong_is_named(void **state)
{
    static const struct {
        enum fault_id fault;
        double value;
        const char *says;
    } cases[] = {
        { FAULT_CT_REVERSED, 1, "phase B has a power factor of -1.000" },
        { FAULT_ADC_DEAD_V, 1, "voltage B reads" },
        { FAULT_CT_OPEN, 1, "current B reads" },
        { FAULT_ADC_GAIN_I, -12, "phase B: a gain error of" },
    };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct unit *u = new_unit(&model_s4100);
        unit_set_fault(u, cases[k].fault, 1, cases[k].value);
        port_unit_restart(u, true);
        expect_error(u, cases[k].says);
        unit_free(u);
    }
    struct unit *u = new_unit(&model_s4100);
    unit_set_fault(u, FAULT_AFE_SILENT, -1, 1);
    port_unit_restart(u, true);
    expect_error(u, "voltage A reads 0 V");
    unit_free(u);
}

/* Noise that hides nothing at full load and all at a twentieth of it: not sealed. */
static void test_a_missed_check_leaves_the_meter_open(void **state)
{
    struct unit *u = new_unit(&model_s4100);
    struct calibration_result r;
    GError *error = NULL;

    (void)state;
    unit_set_fault(u, FAULT_ADC_STUCK_I, 0, 15);
    port_unit_restart(u, true);
    const bool done = calibrate(u, &r, &error);
    assert_false(done && (r.passed || r.sealed));
    g_clear_error(&error);
    unit_free(u);
}

static void test_the_certificate(void **state)
{
    struct unit *u = new_unit(&model_s4100);
    struct calibration_result r;
    char folder[] = "/tmp/metersim-certificate-XXXXXX";

    (void)state;
    port_unit_restart(u, true);
    assert_true(calibrate(u, &r, NULL));
    assert_non_null(g_mkdtemp(folder));
    char *base = g_build_filename(folder, "c", NULL);
    assert_true(certificate_write(base, "2024-05-06T07:08:09Z", &plan, &r, NULL));
    char *path = g_strconcat(base, ".json", NULL), *text = NULL;
    JsonParser *parser = json_parser_new();
    assert_true(json_parser_load_from_file(parser, path, NULL));
    JsonObject *o = json_node_get_object(json_parser_get_root(parser));
    assert_int_equal(json_object_get_int_member(o, "serial"), demo_serial(0));
    assert_string_equal(json_object_get_string_member(o, "result"), "passed");
    assert_true(json_object_get_boolean_member(o, "sealed"));
    JsonArray *after = json_object_get_array_member(o, "after");
    assert_int_equal(json_array_get_length(after), CALIBRATION_CHECKS);
    JsonObject *first = json_array_get_object_element(after, 0);
    const double u_percent = json_array_get_double_element(
        json_object_get_array_member(first, "uncertainty_percent"), 0);
    assert_true(u_percent >= 0.02 && u_percent < 0.03);
    g_unlink(path);
    g_free(path);
    path = g_strconcat(base, ".txt", NULL);
    assert_true(g_file_get_contents(path, &text, NULL, NULL));
    assert_non_null(strstr(text, "serial number 1000"));
    assert_non_null(strstr(text, "passed, sealed"));
    g_unlink(path);
    g_rmdir(folder);
    g_free(path);
    g_free(text);
    g_free(base);
    g_object_unref(parser);
    unit_free(u);
}

static void test_placeholders(void **state)
{
    const char *const pairs[] = { "volts", "240", "amps", "5", NULL };
    GError *error = NULL;
    char *line = port_field_fill("set {volts} V { x = {amps} } {volts}", pairs, NULL);

    (void)state;
    assert_string_equal(line, "set 240 V { x = 5 } 240");
    g_free(line);
    assert_null(port_field_fill("set {watts}", pairs, &error));
    assert_non_null(strstr(error->message, "{watts}"));
    g_error_free(error);
}

static void test_boards_are_those_of_their_seed(void **state)
{
    struct tolerance_board a, b;
    int defects = 0;

    (void)state;
    tolerance_draw(&a, 7);
    tolerance_draw(&b, 7);
    assert_int_equal(a.faults, b.faults);
    for (int k = 0; k < a.faults; k++)
        assert_true(a.fault[k].value == b.fault[k].value);
    for (uint64_t seed = 1; seed <= 1000; seed++) {
        tolerance_draw(&a, seed);
        assert_in_range(a.faults, 20, TOLERANCE_FAULTS);
        assert_true(fabs(a.fault[0].value) <= 1); /* a divider */
        defects += a.defect != NULL;
    }
    assert_in_range(defects, 5, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants_are_what_parts_are_off_by),
        cmocka_unit_test(test_the_seal_ends_it_and_is_counted),
        cmocka_unit_test(test_what_is_wrong_is_named),
        cmocka_unit_test(test_a_missed_check_leaves_the_meter_open),
        cmocka_unit_test(test_the_certificate),
        cmocka_unit_test(test_placeholders),
        cmocka_unit_test(test_boards_are_those_of_their_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
