/* metersim diagnose: what is wrong at a site, from what its meter reads. */
#include "sim/diagnose/diagnosis_json.h"
#include "sim/diagnose/diagnosis_lua.h"
#include "sim/diagnose/diagnosis_text.h"
#include "sim/diagnose/dump_file.h"
#include "sim/program/commands.h"
#include "sim/program/output.h"
#include <stdio.h>
#include <string.h>

struct options {
    char *model, *direction, *write;
    gboolean balanced, json, same_site;
    int top;
    struct evidence_options evidence;
    const struct model *meter;
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

static bool read_source(const struct options *o, const char *source,
                        struct observation *seen, GError **error)
{
    char *text = NULL;
    bool good = g_file_get_contents(source, &text, NULL, error) &&
                dump_parse(seen, source, text, o->meter, error);

    g_free(text);
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
        good = read_source(o, source[n], seen, error) &&
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
    if (o->model && (o->meter = command_model(o->model, error)) == NULL)
        return false;
    if (sources == 0)
        return error_set_usage(error, "name at least one source");
    if (o->write && sources > 1 && !o->same_site)
        return error_set_usage(error, "--write takes one site");
    return parse_direction(o, error) &&
           command_in_range("top", o->top, 1, RANK_ANSWERS, error) &&
           output_check("--write", o->write, error);
}

int command_diagnose(int argc, char **argv, GError **error)
{
    struct options o = { .top = 5 };
    const GOptionEntry entries[] = {
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
        { NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
    };
    bool good = command_options(
                    &argc, &argv, "SOURCE…", entries,
                    "A SOURCE is one site: a register dump as CSV, with the columns "
                    "register,word\n"
                    "or time,register,word (base 1).\n\nExamples:\n"
                    "  metersim diagnose dump.csv --write case.lua\n"
                    "  metersim diagnose night.csv noon.csv --same-site\n",
                    error) &&
                parse_options(&o, argc - 1, error) &&
                diagnose(&o, argc - 1, argv + 1, error);

    g_free(o.model);
    g_free(o.direction);
    g_free(o.write);
    return good ? 0 : 2;
}
