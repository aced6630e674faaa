/* metersim factory-test: the production test (production.h) of a meter in the factory
 * state, or of a simulated board with a fault. */
#include "sim/factory/port_field.h"
#include "sim/factory/port_line.h"
#include "sim/factory/port_unit.h"
#include "sim/factory/production.h"
#include "sim/plant/board_image.h"
#include "sim/plant/demo.h"
#include "sim/program/commands.h"
#include "sim/program/error.h"
#include "sim/program/options.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test_options {
    struct place_options place;
    struct board_options board;
    char *set, *fixture, *report, *fault;
};

static bool write_report(const struct test_options *o,
                         const struct production_result *r, GError **error)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now);
    g_autofree char *text = production_report(date, r);
    g_autofree char *base = o->report
                                ? g_strdup(o->report)
                                : g_strdup_printf("production-%u", r->identity.serial);
    const bool written = production_write(base, date, r, error);

    fputs(text, stdout);
    return written;
}

static int finish(const struct test_options *o, const struct port *port, GError **error)
{
    struct production_result r;

    if (!production_run(port, &r, error) || !write_report(o, &r, error))
        return 2;
    return r.passed ? 0 : 1;
}

/* NAME, NAME=VALUE, with /A, /B or /C behind for one phase. */
static bool set_fault(struct unit *u, const char *text, GError **error)
{
    char name[80];
    const char *slash = strchr(text, '/'), *equals = strchr(text, '=');
    const int phase = slash ? slash[1] - 'A' : -1;
    const size_t length = strcspn(text, "=/");

    g_strlcpy(name, text, MIN(length + 1, sizeof name));
    for (int k = 0; k < FAULTS; k++)
        if (!strcmp(fault_table[k].name, name)) {
            unit_set_fault(u, (enum fault_id)k, phase,
                           equals ? g_ascii_strtod(equals + 1, NULL)
                                  : fault_table[k].usual);
            return true;
        }
    return error_set(
        error, "--fault: there is no fault '%s'; metersim faults lists them", name);
}

/* A new board with the fault, powered up with the pin at ground. */
static int run_simulated(struct test_options *o, GError **error)
{
    struct demo d = { .model = &model_s4100,
                      .system_type = 40,
                      .ct_primary_a = 100,
                      .pt_ratio = 1,
                      .volts_ll = 480,
                      .hz = 60,
                      .pf = 1 };
    struct port_line line;
    int code = 2;

    if (!o->board.board) /* the linked core has no chips to test */
        o->board.board = (char *)"image";
    if (!board_image_open(&o->board, &d.maker, error))
        return 2;
    struct unit *u = demo_unit(&d, 0);
    unit_set_fault(u, FAULT_ADC_NOISE, -1, fault_table[FAULT_ADC_NOISE].usual);
    if (!o->fault || set_fault(u, o->fault, error)) {
        port_unit_restart(u, true);
        port_line_open(&line, u, 1);
        const struct port port = port_line(&line);
        code = finish(o, &port, error);
    }
    unit_free(u);
    return code;
}

static int run_field(const struct test_options *o, const char *where, GError **error)
{
    struct place place = o->place.place;
    struct port_field field;

    if (!place_parse(&place, where, error) ||
        !port_field_open(&field, &place, o->set, error))
        return 2;
    field.fixture = o->fixture;
    const struct port port = port_field(&field);
    const int code = finish(o, &port, error);
    port_field_close(&field);
    return code;
}

static int run(struct test_options *o, int arguments, const char *where, GError **error)
{
    if (arguments != 1) {
        error_set_usage(error, "one meter: rtu:DEVICE/UNIT, or simulated");
        return 2;
    }
    if (!place_options_check(&o->place, error))
        return 2;
    return !strcmp(where, "simulated") ? run_simulated(o, error)
                                       : run_field(o, where, error);
}

static const char more[] =
    "METER: rtu:DEVICE/UNIT or tcp:HOST:PORT/UNIT, powered up with its factory pin "
    "(PC13) "
    "at ground; or simulated.\n"
    "Exit code: 0 all parts passed, 1 a part failed, 2 misuse or no factory state.\n\n"
    "Examples:\n"
    "  metersim factory-test rtu:/dev/ttyUSB0/1 --set \"source {volts} {amps}\" "
    "--fixture \"fixture {action}\"\n"
    "  metersim factory-test simulated --fault lcd_absent\n";

int command_factory_test(int argc, char **argv, GError **error)
{
    struct test_options o = { .set = NULL };
    GOptionEntry entries[7 + PLACE_ENTRIES] = {
        { "set", 0, 0, G_OPTION_ARG_STRING, &o.set,
          "Program that sets the source, with {volts} {amps} {hz} {pf}; default: you "
          "are "
          "asked",
          "COMMAND" },
        { "fixture", 0, 0, G_OPTION_ARG_STRING, &o.fixture,
          "Program that presses and sees, with {action}: code 0 yes, 1 no; default: "
          "you "
          "are asked",
          "COMMAND" },
        { "report", 0, 0, G_OPTION_ARG_FILENAME, &o.report,
          "BASE.json and BASE.txt; default production-SERIAL", "BASE" },
        { "fault", 0, 0, G_OPTION_ARG_STRING, &o.fault, "Of a simulated board",
          "NAME[=VALUE][/PHASE]" },
        BOARD_OPTIONS(&o.board),
    };

    place_options_start(&o.place, entries + 6);
    if (!command_options(&argc, &argv, "METER", entries, more, error))
        return 2;
    return run(&o, argc - 1, argv[1], error);
}
