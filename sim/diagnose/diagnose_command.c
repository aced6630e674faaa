/* metersim diagnose: what is wrong at a site, from what its meter reads. */
#include "sim/diagnose/diagnose_source.h"
#include "sim/diagnose/diagnosis_json.h"
#include "sim/diagnose/diagnosis_lua.h"
#include "sim/diagnose/diagnosis_text.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include <stdio.h>
#include <string.h>

enum { OWN_ENTRIES = 9 };

struct options {
    char *model, *direction, *write;
    gboolean balanced, json, same_site;
    int top;
    struct evidence_options evidence;
    struct diagnose_source_options source;
    struct place_options place;
};

/* Made once for the sites of one kind of meter. */
static const struct hypotheses *hypotheses_for(struct hypotheses **h,
                                               const struct observation *o)
{
    if (*h == NULL || (*h)->type != o->type || (*h)->model != o->model) {
        hypotheses_free(*h);
        *h = hypotheses_new(o);
    }
    return *h;
}

static bool print(const struct options *o, const struct diagnosis *d, GError **error)
{
    GString *text = g_string_new(NULL);
    bool good = true;

    if (o->json)
        diagnosis_json(d, text);
    else
        diagnosis_text(d, text);
    fputs(text->str, stdout);
    g_string_truncate(text, 0);
    if (o->write && d->ranking.count == 0)
        good =
            error_set_code(error, ERROR_FAILED, "%s: no answer to write", d->o->source);
    else if (o->write) {
        diagnosis_lua(d, 0, text);
        good = output_write(o->write, text, error);
    }
    g_string_free(text, TRUE);
    return good;
}

static bool answer(const struct options *o, const struct observation *seen,
                   struct hypotheses **h, GError **error)
{
    struct diagnosis d;

    diagnosis_make(&d, seen, hypotheses_for(h, seen), &o->evidence, o->top);
    bool good = print(o, &d, error);
    diagnosis_clear(&d);
    return good;
}

static bool diagnose(const struct options *o, int count, char **source, GError **error)
{
    struct observation *seen = g_new0(struct observation, 1);
    struct hypotheses *h = NULL;
    bool good = true;

    for (int n = 0; n < count && good; n++) {
        if (!o->same_site)
            seen->count = 0;
        good = diagnose_source_read(seen, source[n], &o->source, error) &&
               ((o->same_site && n + 1 < count) || answer(o, seen, &h, error));
    }
    hypotheses_free(h);
    g_free(seen);
    return good;
}

static bool parse_direction(struct options *o, GError **error)
{
    static const char *const names[] = { [DIRECTION_BOTH] = "both",
                                         [DIRECTION_IMPORT] = "import",
                                         [DIRECTION_EXPORT] = "export" };

    for (size_t n = 0; n < G_N_ELEMENTS(names); n++)
        if (o->direction == NULL || !strcmp(o->direction, names[n])) {
            o->evidence.direction = (enum evidence_direction)n;
            return true;
        }
    return error_set_usage(error, "--direction: import, export or both, not '%s'",
                           o->direction);
}

static bool parse_options(struct options *o, int sources, GError **error)
{
    o->evidence.balanced = o->balanced;
    if (o->model && (o->source.model = command_model(o->model, error)) == NULL)
        return false;
    if (sources == 0)
        return error_set_usage(error, "name at least one source");
    if (o->write && sources > 1 && !o->same_site)
        return error_set_usage(error, "--write takes one site");
    if (!place_options_check(&o->place, error))
        return false;
    o->source.place = o->place.place;
    return parse_direction(o, error) &&
           command_in_range("top", o->top, 1, RANK_ANSWERS, error) &&
           command_in_range("every", o->source.every_s, 1, 86400, error) &&
           command_in_range("for", o->source.for_s, 0, 864000, error) &&
           output_check("--write", o->write, error);
}

static const char more[] =
    "A SOURCE is one site: tcp:HOST[:PORT]/UNIT, rtu:DEVICE/UNIT, "
    "rtutcp:HOST:PORT/UNIT, or a "
    "file: a capture,\n"
    "a register dump as CSV (register,word or time,register,word; "
    "base 1), what mbpoll\n"
    "prints, lines of names and values, a historian's table, a COMTRADE record.\n\n"
    "Examples:\n"
    "  metersim diagnose tcp:192.168.1.20/1 --every 900 --for "
    "7200\n"
    "  metersim diagnose dump.csv --write case.lua\n"
    "  metersim diagnose night.csv noon.csv --same-site\n";

int command_diagnose(int argc, char **argv, GError **error)
{
    struct options o = { .top = 5, .source = { .every_s = 60 } };
    GOptionEntry entries[OWN_ENTRIES + PLACE_ENTRIES + 1] = {
        { "model", 0, 0, G_OPTION_ARG_STRING, &o.model,
          "s4100, s4100_fds or s4000r; default: by the registers", "M" },
        { "direction", 0, 0, G_OPTION_ARG_STRING, &o.direction,
          "The site can only import, or export; default both", "D" },
        { "balanced", 0, 0, G_OPTION_ARG_NONE, &o.balanced,
          "The phases are known to carry nearly the same load", NULL },
        { "same-site", 0, 0, G_OPTION_ARG_NONE, &o.same_site,
          "All sources are dumps of one site", NULL },
        { "top", 0, 0, G_OPTION_ARG_INT, &o.top, "Answers at most; default 5", "N" },
        { "write", 0, 0, G_OPTION_ARG_FILENAME, &o.write,
          "Write the first answer as a scenario", "FILE.lua" },
        { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "One line of JSON for each site",
          NULL },
        { "every", 0, 0, G_OPTION_ARG_DOUBLE, &o.source.every_s,
          "Of a live meter: from reading to reading; default 60", "S" },
        { "for", 0, 0, G_OPTION_ARG_DOUBLE, &o.source.for_s,
          "Of a live meter: how long; default one reading", "S" },
    };

    place_options_start(&o.place, entries + OWN_ENTRIES);
    bool good = command_options(&argc, &argv, "SOURCE…", entries, more, error) &&
                parse_options(&o, argc - 1, error) &&
                diagnose(&o, argc - 1, argv + 1, error);

    return good ? 0 : 2;
}
