/* metersim calibrate: constants of a meter in the factory state, from a source of known
 * output (calibration.h), with a certificate. */
#include "sim/factory/calibration.h"
#include "sim/factory/certificate.h"
#include "sim/factory/port_field.h"
#include "sim/program/commands.h"
#include "sim/program/error.h"
#include "sim/program/options.h"
#include <stdio.h>
#include <string.h>

enum { SECONDS = 10, SETTLE_S = 3, SECONDS_MAX = 120, SETTLE_MAX = 600 };

struct calibrate_options {
    struct place_options place;
    char *source, *set, *certificate;
    gboolean break_seal, no_seal;
    struct calibration_plan plan;
};

/* "240 V, 5 A", or "240 V, 5 A, 50 Hz". */
static bool parse_source(const char *text, struct source_point *s, GError **error)
{
    char rest = 0;

    if (!text)
        return error_set_usage(error,
                               "--source \"240 V, 5 A\" says what the source gives");
    s->hz = 60;
    const int fields =
        sscanf(text, "%lf V , %lf A , %lf Hz %c", &s->volts, &s->amps, &s->hz, &rest);
    if (fields < 2 || fields > 3 || !(s->volts >= 50 && s->volts <= 400) ||
        !(s->amps > 0 && s->amps <= 40000) || !(s->hz >= 45 && s->hz <= 65))
        return error_set(
            error,
            "--source: \"%s\" is not \"VOLTS V, AMPS A\", or with "
            "\", HERTZ Hz\": 50 to 400 V, up to 40000 A of each phase at the "
            "conductor, 45 to 65 Hz",
            text);
    return true;
}

static bool check_options(struct calibrate_options *o, int arguments, GError **error)
{
    if (arguments != 1)
        return error_set_usage(error,
                               "one meter: rtu:DEVICE/UNIT or tcp:HOST:PORT/UNIT");
    return place_options_check(&o->place, error) &&
           parse_source(o->source, &o->plan.source, error) &&
           command_in_range("seconds", o->plan.seconds, 1, SECONDS_MAX, error) &&
           command_in_range("settle", o->plan.settle_s, 2, SETTLE_MAX, error) &&
           command_in_range("source-uncertainty", o->plan.source_percent, 0, 10, error);
}

static void print_progress(void *user, const char *text)
{
    (void)user;
    fprintf(stderr, "%s\n", text);
}

static bool break_seal(const struct port *p, GError **error)
{
    struct meter_identity id;

    return meter_identify(p, &id, error) &&
           (!(id.state & FACTORY_SEALED) || meter_break_seal(p, id.serial, error));
}

static bool report(const struct calibrate_options *o,
                   const struct calibration_result *r, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now);
    g_autofree char *base = o->certificate
                                ? g_strdup(o->certificate)
                                : g_strdup_printf("calibration-%u", r->after.serial);
    g_autofree char *text = certificate_text(date, &o->plan, r);
    const bool written = certificate_write(base, date, &o->plan, r, error);

    fputs(text, stdout);
    if (written)
        fprintf(stderr, "certificate: %s.json, %s.txt\n", base, base);
    return written;
}

static int run(const struct calibrate_options *o, const char *where, GError **error)
{
    struct place place = o->place.place;
    struct port_field field;
    struct calibration_result r;

    if (!place_parse(&place, where, error) ||
        !port_field_open(&field, &place, o->set, error))
        return 2;
    const struct port port = port_field(&field);
    const bool done = (!o->break_seal || break_seal(&port, error)) &&
                      calibration_run(&port, &o->plan, &r, error) &&
                      report(o, &r, error);
    port_field_close(&field);
    if (!done)
        return 2;
    return r.passed ? 0 : 1;
}

static const char more[] =
    "METER: rtu:DEVICE/UNIT or tcp:HOST:PORT/UNIT, powered up with "
    "its factory pin (PC13) at ground.\n"
    "Exit code: 0 calibrated and sealed, 1 the meter is not fit: refused, or a "
    "check missed its limit, 2 misuse or out of reach.\n\n"
    "Example:\n"
    "  metersim calibrate rtu:/dev/ttyUSB0/1 --source \"240 V, 5 A\" "
    "--set \"source {volts} {amps} {pf}\"\n";

int command_calibrate(int argc, char **argv, GError **error)
{
    struct calibrate_options o = { .plan = { .source_percent = 0.05,
                                             .seconds = SECONDS,
                                             .settle_s = SETTLE_S,
                                             .told = print_progress } };
    GOptionEntry entries[9 + PLACE_ENTRIES] = {
        { "source", 0, 0, G_OPTION_ARG_STRING, &o.source,
          "What the source gives at full load: \"240 V, 5 A\" or \"240 V, 5 A, 50 Hz\"",
          "POINT" },
        { "set", 0, 0, G_OPTION_ARG_STRING, &o.set,
          "Program that sets the source, with {volts} {amps} {pf}; default: you are "
          "asked",
          "COMMAND" },
        { "source-uncertainty", 0, 0, G_OPTION_ARG_DOUBLE, &o.plan.source_percent,
          "Expanded uncertainty of its power (k = 2); default 0.05", "PERCENT" },
        { "seconds", 0, 0, G_OPTION_ARG_INT, &o.plan.seconds,
          "Averaged at each point; default 10", "N" },
        { "settle", 0, 0, G_OPTION_ARG_INT, &o.plan.settle_s,
          "Seconds of the meter left out after each change of the source; default 3",
          "N" },
        { "certificate", 0, 0, G_OPTION_ARG_FILENAME, &o.certificate,
          "BASE.json and BASE.txt; default calibration-SERIAL", "BASE" },
        { "break-seal", 0, 0, G_OPTION_ARG_NONE, &o.break_seal,
          "Of a sealed meter, which counts it", NULL },
        { "no-seal", 0, 0, G_OPTION_ARG_NONE, &o.no_seal,
          "Leave the meter in the factory state", NULL },
    };

    place_options_start(&o.place, entries + 8);
    if (!command_options(&argc, &argv, "METER", entries, more, error) ||
        !check_options(&o, argc - 1, error))
        return 2;
    o.plan.seals = !o.no_seal;
    return run(&o, argv[1], error);
}
