/* metersim capture: a scenario from a meter in the field. */
#include "sim/field/capture.h"
#include "sim/field/field.h"
#include "sim/line/serial_device.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"

#include <stdio.h>

struct capture_options {
    char *tcp, *rtu, *model, *output, *parity;
    struct field_place place;
};

static bool parse_place(struct capture_options *o, int arguments, GError **error)
{
    GError *wrong = NULL;

    if (arguments > 0)
        return error_set_usage(
            error, "the meter is named by --tcp or --rtu, not by an argument");
    if (!o->tcp == !o->rtu)
        return error_set_usage(
            error, "name the meter by one of --tcp HOST:PORT and --rtu DEVICE");
    if (o->model != NULL && model_find(o->model) == NULL)
        return error_set_usage(error, "unknown --model; known: s4100, s4000r");
    if (!command_in_range("unit", o->place.unit, 0, 255, error) ||
        !output_check("--output", o->output, error))
        return false;
    if (o->parity != NULL)
        o->place.parity = field_parity(o->parity);
    char *text = o->tcp != NULL ? g_strdup_printf("tcp:%s/%d", o->tcp, o->place.unit)
                                : g_strdup_printf("rtu:%s/%d", o->rtu, o->place.unit);
    bool good = field_place_parse(&o->place, text, &wrong);
    g_free(text);
    if (!good)
        error_set_usage(error, "%s", wrong->message);
    g_clear_error(&wrong);
    return good;
}

static bool write_text(const char *path, const GString *text, GError **error)
{
    if (path == NULL)
        return fwrite(text->str, 1, text->len, stdout) == text->len;
    return output_write(path, text, error);
}

static int capture(const struct capture_options *o, GError **error)
{
    const struct model *model = o->model != NULL ? model_find(o->model) : NULL;
    struct image *image = field_read(&o->place, model, error);

    if (image == NULL)
        return 2;
    GString *text = capture_scenario(image);
    bool good = write_text(o->output, text, error);
    g_string_free(text, TRUE);
    image_free(image);
    return good ? 0 : 2;
}

int command_capture(int argc, char **argv, GError **error)
{
    struct capture_options o = { .tcp = NULL };
    const GOptionEntry entries[] = {
        { "tcp", 0, 0, G_OPTION_ARG_STRING, &o.tcp, "A meter or gateway on Modbus TCP",
          "HOST:PORT" },
        { "rtu", 0, 0, G_OPTION_ARG_STRING, &o.rtu,
          "A serial line, which no other program uses meanwhile", "DEVICE" },
        { "unit", 0, 0, G_OPTION_ARG_INT, &o.place.unit, "Unit id; default 1", "N" },
        { "baud", 0, 0, G_OPTION_ARG_INT, &o.place.baud,
          "Of a serial line: " SERIAL_DEVICE_RATES "; default 19200", "RATE" },
        { "parity", 0, 0, G_OPTION_ARG_STRING, &o.parity, "N (default), E or O", "P" },
        { "timeout", 0, 0, G_OPTION_ARG_DOUBLE, &o.place.timeout_s,
          "Wait for each answer; default 1. A meter is given up after four", "S" },
        { "model", 0, 0, G_OPTION_ARG_STRING, &o.model,
          "s4100 or s4000r; default: what the meter says", "M" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output,
          "Write the scenario here; default: standard output", "FILE.lua" },
        G_OPTION_ENTRY_NULL
    };

    field_place_default(&o.place);
    int code = 2;
    if (command_options(&argc, &argv, "", entries,
                        "Examples:\n"
                        "  metersim capture --tcp 192.168.1.20:502 -o case.lua\n"
                        "  metersim capture --rtu /dev/ttyUSB0 --unit 7 -o case.lua\n"
                        "  metersim run case.lua\n",
                        error) &&
        parse_place(&o, argc - 1, error))
        code = capture(&o, error);
    g_free(o.tcp);
    g_free(o.rtu);
    g_free(o.model);
    g_free(o.output);
    g_free(o.parity);
    return code;
}
