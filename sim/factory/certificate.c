/* See certificate.h. */
#include "sim/factory/certificate.h"
#include "sim/factory/report_file.h"
#include "sim/program/error.h"
#include "sim/program/json_rows.h"
#include <string.h>

static const char *const channels[HAL_CHANNELS] = { "V_A", "V_B", "V_C",
                                                    "I_A", "I_B", "I_C" };

static const char *verdict(const struct calibration_result *r)
{
    return r->passed ? "passed" : "failed";
}

static void number(JsonBuilder *b, const char *name, double x)
{
    json_builder_set_member_name(b, name);
    json_builder_add_double_value(b, x);
}

static void numbers(JsonBuilder *b, const char *name, const double *x, int count)
{
    json_builder_set_member_name(b, name);
    json_builder_begin_array(b);
    for (int k = 0; k < count; k++)
        json_builder_add_double_value(b, x[k]);
    json_builder_end_array(b);
}

static void integers(JsonBuilder *b, const char *name, const int32_t *x, int count)
{
    json_builder_set_member_name(b, name);
    json_builder_begin_array(b);
    for (int k = 0; k < count; k++)
        json_builder_add_int_value(b, x[k]);
    json_builder_end_array(b);
}

static void source(JsonBuilder *b, const struct source_point *s)
{
    number(b, "volts", s->volts);
    number(b, "amps", s->amps);
    number(b, "hz", s->hz);
    number(b, "power_factor", s->pf);
}

static void meter(JsonBuilder *b, const struct calibration_result *r)
{
    const struct meter_identity *id = &r->after;

    json_rows_text(b, "model", id->model->name);
    json_rows_number(b, "serial", id->serial);
    json_rows_number(b, "board_revision", id->revision);
    json_rows_number(b, "firmware", id->firmware);
    json_rows_number(b, "calibrations", id->calibrations);
    json_rows_number(b, "seals_broken", id->seals_broken);
    json_rows_text(b, "class", calibration_class(id->model));
    number(b, "ct_primary_a", r->ct_primary_a);
    number(b, "pt_ratio", r->pt_ratio);
}

static void points(JsonBuilder *b, const struct calibration_result *r)
{
    json_builder_set_member_name(b, "before");
    json_builder_begin_array(b);
    for (int k = 0; k < CALIBRATION_POINTS; k++) {
        const struct calibration_point *p = &r->point[k];
        json_builder_begin_object(b);
        source(b, &p->source);
        numbers(b, "v", p->v, 3);
        numbers(b, "i", p->i, 3);
        numbers(b, "p", p->p, 3);
        numbers(b, "spread_percent", p->spread_percent, 3);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void checks(JsonBuilder *b, const struct calibration_result *r)
{
    json_builder_set_member_name(b, "after");
    json_builder_begin_array(b);
    for (int k = 0; k < CALIBRATION_CHECKS; k++) {
        const struct calibration_check *c = &r->check[k];
        json_builder_begin_object(b);
        source(b, &c->source);
        numbers(b, "error_percent", c->error_percent, 3);
        numbers(b, "uncertainty_percent", c->uncertainty_percent, 3);
        number(b, "limit_percent", c->limit_percent);
        json_builder_end_object(b);
    }
    json_builder_end_array(b);
}

static void constants(JsonBuilder *b, const struct calibration_result *r)
{
    char crc[12];

    json_builder_set_member_name(b, "constants");
    json_builder_begin_object(b);
    integers(b, "gain_ppm", r->constants.gain_ppm, HAL_CHANNELS);
    integers(b, "offset_codes2", r->constants.offset_codes2, HAL_CHANNELS);
    integers(b, "phase_urad", r->constants.phase_urad, 3);
    g_snprintf(crc, sizeof crc, "%08X", r->after.constants_crc);
    json_rows_text(b, "crc", crc);
    json_builder_end_object(b);
}

static char *json(const char *date, const struct calibration_plan *plan,
                  const struct calibration_result *r)
{
    g_autoptr(JsonBuilder) b = json_builder_new();

    json_builder_begin_object(b);
    json_rows_text(b, "certificate", "calibration");
    json_rows_text(b, "date", date);
    json_rows_text(b, "result", verdict(r));
    json_rows_flag(b, "sealed", r->sealed);
    meter(b, r);
    json_rows_number(b, "seconds", plan->seconds);
    number(b, "source_uncertainty_percent", plan->source_percent);
    points(b, r);
    constants(b, r);
    checks(b, r);
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);

    return json_to_string(root, TRUE);
}

static void text_head(GString *t, const char *date, const struct calibration_plan *plan,
                      const struct calibration_result *r)
{
    const struct meter_identity *id = &r->after;

    g_string_append_printf(
        t,
        "Certificate of calibration\n\n"
        "meter       %s, serial number %u, board revision %d, firmware %u\n"
        "class       %s (IEC 62053-22)\n"
        "inputs      CT %g A, PT ratio %g\n"
        "date        %s\n"
        "result      %s%s\n"
        "history     calibrated %d times, seal broken %d times\n"
        "source      %g V, %g A, %g Hz; expanded uncertainty of power %g %% (k = 2)\n"
        "averages    %d seconds at each point\n\n",
        id->model->name, id->serial, id->revision, id->firmware,
        calibration_class(id->model), r->ct_primary_a, r->pt_ratio, date, verdict(r),
        r->sealed ? ", sealed" : ", not sealed", id->calibrations, id->seals_broken,
        plan->source.volts, plan->source.amps, plan->source.hz, plan->source_percent,
        plan->seconds);
}

static void text_points(GString *t, const struct calibration_result *r)
{
    g_string_append(t, "Before, without constants\n");
    for (int n = 0; n < CALIBRATION_POINTS; n++) {
        const struct calibration_point *p = &r->point[n];
        for (int k = 0; k < 3; k++)
            g_string_append_printf(
                t, "  %5g A, PF %-3g  phase %c  %10.4f V %10.5f A %12.4f W\n",
                p->source.amps, p->source.pf, 'A' + k, p->v[k], p->i[k], p->p[k]);
    }
}

static void text_constants(GString *t, const struct calibration_result *r)
{
    const struct meter_constants *c = &r->constants;

    g_string_append_printf(t, "\nConstants (CRC %08X)\n", r->after.constants_crc);
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        g_string_append_printf(t, "  %s  gain %+7d ppm, offset %d codes^2\n",
                               channels[ch], c->gain_ppm[ch], c->offset_codes2[ch]);
    for (int k = 0; k < 3; k++)
        g_string_append_printf(t, "  phase %c  angle %+7d urad\n", 'A' + k,
                               c->phase_urad[k]);
}

static void text_checks(GString *t, const struct calibration_result *r)
{
    g_string_append(t, "\nAfter: error of active power, expanded uncertainty (k = 2), "
                       "limit\n");
    for (int n = 0; n < CALIBRATION_CHECKS; n++) {
        const struct calibration_check *c = &r->check[n];
        for (int k = 0; k < 3; k++)
            g_string_append_printf(
                t, "  %5g A, PF %-3g  phase %c  %+8.4f %% +/- %.4f %%  (%g %%)\n",
                c->source.amps, c->source.pf, 'A' + k, c->error_percent[k],
                c->uncertainty_percent[k], c->limit_percent);
    }
}

char *certificate_text(const char *date, const struct calibration_plan *plan,
                       const struct calibration_result *r)
{
    GString *t = g_string_new(NULL);

    text_head(t, date, plan, r);
    text_points(t, r);
    text_constants(t, r);
    text_checks(t, r);
    return g_string_free(t, FALSE);
}

bool certificate_write(const char *base, const char *date,
                       const struct calibration_plan *plan,
                       const struct calibration_result *r, GError **error)
{
    return report_file_write(base, ".json", json(date, plan, r), error) &&
           report_file_write(base, ".txt", certificate_text(date, plan, r), error);
}
