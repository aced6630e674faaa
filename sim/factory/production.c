/* See production.h. */
#include "sim/factory/production.h"
#include "sim/factory/production_parts.h"
#include "sim/factory/report_file.h"
#include "sim/program/error.h"
#include "sim/program/json_rows.h"
#include <string.h>

static const struct {
    const char *name;
    bool (*run)(const struct port *p, char *finding, GError **error);
} parts[PRODUCTION_PARTS] = {
#define PART(function, name, text) { name, production_part_##function },
#include "sim/factory/production.def"
#undef PART
};

static const char *const verdicts[] = { "passed", "FAILED", "not tested" };

static void run_part(const struct port *p, struct production_result *r, int k)
{
    g_autoptr(GError) error = NULL;
    const bool good = parts[k].run(p, r->part[k].finding, &error);

    r->part[k].verdict = good ? PRODUCTION_PASSED : PRODUCTION_FAILED;
    if (error) {
        g_strlcpy(r->part[k].finding, error->message, PRODUCTION_TEXT);
        r->part[k].verdict = PRODUCTION_FAILED;
    }
    r->passed = r->passed && r->part[k].verdict == PRODUCTION_PASSED;
}

bool production_run(const struct port *p, struct production_result *r, GError **error)
{
    memset(r, 0, sizeof *r);
    r->passed = true;
    for (int k = 0; k < PRODUCTION_PARTS; k++)
        r->part[k].verdict = PRODUCTION_NOT_TESTED;
    run_part(p, r, PRODUCTION_answer);
    if (!r->passed)
        return true;
    if (!meter_identify(p, &r->identity, error))
        return false;
    if (!(r->identity.state & FACTORY_OPEN))
        return error_set_code(error, ERROR_FAILED,
                              "the meter is not in the factory state: its factory pin "
                              "(PC13) must be at ground when power comes, and it must "
                              "not be sealed");
    for (int k = PRODUCTION_answer + 1; k < PRODUCTION_PARTS; k++)
        run_part(p, r, k);
    return true;
}

char *production_report(const char *date, const struct production_result *r)
{
    GString *t = g_string_new(NULL);

    g_string_append_printf(t,
                           "Production test\n\nserial number %u\ndate          %s\n"
                           "result        %s\n\n",
                           r->identity.serial, date, r->passed ? "passed" : "FAILED");
    for (int k = 0; k < PRODUCTION_PARTS; k++)
        g_string_append_printf(t, "%-10s  %-10s  %s\n", parts[k].name,
                               verdicts[r->part[k].verdict], r->part[k].finding);
    return g_string_free(t, FALSE);
}

static void add_part(JsonBuilder *b, const struct production_result *r, int k)
{
    json_builder_begin_object(b);
    json_rows_text(b, "part", parts[k].name);
    json_rows_text(b, "verdict", verdicts[r->part[k].verdict]);
    json_rows_text(b, "finding", r->part[k].finding);
    json_builder_end_object(b);
}

static char *json(const char *date, const struct production_result *r)
{
    g_autoptr(JsonBuilder) b = json_builder_new();

    json_builder_begin_object(b);
    json_rows_text(b, "report", "production test");
    json_rows_text(b, "date", date);
    json_rows_number(b, "serial", r->identity.serial);
    json_rows_flag(b, "passed", r->passed);
    json_builder_set_member_name(b, "parts");
    json_builder_begin_array(b);
    for (int k = 0; k < PRODUCTION_PARTS; k++)
        add_part(b, r, k);
    json_builder_end_array(b);
    json_builder_end_object(b);
    g_autoptr(JsonNode) root = json_builder_get_root(b);

    return json_to_string(root, TRUE);
}

bool production_write(const char *base, const char *date,
                      const struct production_result *r, GError **error)
{
    return report_file_write(base, ".json", json(date, r), error) &&
           report_file_write(base, ".txt", production_report(date, r), error);
}
