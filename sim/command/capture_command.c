/* metersim capture: a scenario from a meter in the field, with its diagnosis. */
#include "sim/diagnose/diagnosis_text.h"
#include "sim/field/capture.h"
#include "sim/field/capture_notes.h"
#include "sim/field/field.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"

#include <stdio.h>

enum { ANSWERS = 3 }; /* of a diagnosis */

struct capture_options {
    char *tcp, *rtu, *model, *output;
    struct place_options place;
};

/* "tcp:HOST/UNIT" of --tcp, --rtu and --unit, or as it was given; NULL: misuse. */
static char *name_of(const struct capture_options *o, const char *given)
{
    if ((o->tcp != NULL) + (o->rtu != NULL) + (given != NULL) != 1)
        return NULL;
    return given != NULL    ? g_strdup(given)
           : o->tcp != NULL ? g_strdup_printf("tcp:%s/%d", o->tcp, o->place.place.unit)
                            : g_strdup_printf("rtu:%s/%d", o->rtu, o->place.place.unit);
}

static bool parse_place(struct capture_options *o, int arguments, char **argument,
                        GError **error)
{
    g_autoptr(GError) wrong = NULL;
    g_autofree char *text = name_of(o, arguments > 0 ? argument[0] : NULL);

    if (text == NULL || arguments > 1)
        return error_set_usage(error, "name one meter: tcp:HOST[:PORT]/UNIT or "
                                      "rtu:DEVICE/UNIT, or by --tcp or --rtu");
    bool good = place_options_check(&o->place, &wrong) &&
                place_parse(&o->place.place, text, &wrong);
    if (!good)
        error_set_usage(error, "%s", wrong->message);
    return good;
}

static bool parse_options(struct capture_options *o, int arguments, char **argument,
                          GError **error)
{
    if (o->model != NULL && command_model(o->model, error) == NULL)
        return false;
    return command_in_range("unit", o->place.place.unit, 0, 255, error) &&
           output_check("--output", o->output, error) &&
           parse_place(o, arguments, argument, error);
}

/* As comments at the end. Readings that cannot be diagnosed leave the capture as it is. */
static void add_diagnosis(const struct image *image, GString *to)
{
    g_autofree struct observation *o = g_new0(struct observation, 1);
    const struct evidence_options options = { .direction = DIRECTION_BOTH };

    if (observation_add(o, image, 0, NULL)) {
        struct hypotheses *h = hypotheses_new(o);
        struct diagnosis d;
        g_autoptr(GString) said = g_string_new(NULL);
        diagnosis_make(&d, o, h, &options, ANSWERS);
        diagnosis_text(&d, said);
        g_string_append(to, "\n-- What metersim diagnose says of these readings:\n");
        g_auto(GStrv) lines = g_strsplit(said->str, "\n", -1);
        for (int n = 0; lines[n] && *lines[n]; n++)
            g_string_append_printf(to, "-- %s\n", lines[n]);
        diagnosis_clear(&d);
        hypotheses_free(h);
    }
}

static bool write_text(const char *path, const GString *text, GError **error)
{
    if (path == NULL)
        return fwrite(text->str, 1, text->len, stdout) == text->len;
    return output_write(path, text, error);
}

static void warn_of_disagreements(const struct image *image)
{
    g_autoptr(GString) lines = g_string_new(NULL);

    if (capture_disagreements(image, "  ", lines))
        error_warn("%s: readings disagree between registers, or changed meanwhile:\n%s",
                   image->source, lines->str);
}

static int capture(const struct capture_options *o, GError **error)
{
    const struct model *model = o->model != NULL ? model_find(o->model) : NULL;
    struct image *image = field_read(&o->place.place, model, error);

    if (image == NULL || !capture_has_readings(image, error)) {
        image_free(image);
        return 2;
    }
    warn_of_disagreements(image);
    g_autoptr(GString) text = capture_scenario(image);
    add_diagnosis(image, text);
    bool good = write_text(o->output, text, error);
    image_free(image);
    return good ? 0 : 2;
}

int command_capture(int argc, char **argv, GError **error)
{
    struct capture_options o = { .tcp = NULL };
    GOptionEntry entries[5 + PLACE_ENTRIES + 1] = {
        { "tcp", 0, 0, G_OPTION_ARG_STRING, &o.tcp, "A meter or gateway on Modbus TCP",
          "HOST:PORT" },
        { "rtu", 0, 0, G_OPTION_ARG_STRING, &o.rtu,
          "A serial line, which no other program uses meanwhile", "DEVICE" },
        { "unit", 0, 0, G_OPTION_ARG_INT, &o.place.place.unit, "Unit id; default 1",
          "N" },
        { "model", 0, 0, G_OPTION_ARG_STRING, &o.model,
          "s4100, s4100_fds or s4000r; default: what the meter says", "M" },
        { "output", 'o', 0, G_OPTION_ARG_FILENAME, &o.output,
          "Write the scenario here; default: standard output", "FILE.lua" },
    };

    place_options_start(&o.place, entries + 5);
    if (!command_options(
            &argc, &argv,
            "[tcp:HOST[:PORT]/UNIT | rtu:DEVICE/UNIT | rtutcp:HOST:PORT/UNIT]", entries,
            "Examples:\n"
            "  metersim capture tcp:192.168.1.20/1 -o case.lua\n"
            "  metersim capture --tcp 192.168.1.20:502 -o case.lua\n"
            "  metersim capture --rtu /dev/ttyUSB0 --unit 7 -o case.lua\n"
            "  metersim run case.lua\n",
            error) ||
        !parse_options(&o, argc - 1, argv + 1, error))
        return 2;
    return capture(&o, error);
}
