/* Where the results go. See run_outputs.h. Names are compared by what they lead to, so
 * that links and detours hide nothing. Record and screenshots may share a folder: they
 * use different names in it. */
#include "sim/run/run_outputs.h"
#include "sim/program/error.h"
#include "sim/program/output.h"
#include "sim/program/output_file.h"
#include "sim/run/run_list.h"
#include <stdio.h>
#include <string.h>

enum { FILES = 4, OUTPUTS = 6 };

struct output {
    const char *option, *path; /* NULL: not asked for */
};

static bool can_be_written(const struct output outputs[OUTPUTS], GError **error)
{
    for (int k = 0; k < OUTPUTS; k++) {
        const struct output *o = &outputs[k];
        if (!(k < FILES ? output_check(o->option, o->path, error)
                        : output_check_folder(o->option, o->path, error)))
            return false;
    }
    return true;
}

/* "FILE.part", while FILE is written; of a tape's cases "FILE.case1" …, too. */
static bool is_beside(const struct output *o, const char *path)
{
    g_autofree char *file = output_canonical(o->path), *other = output_canonical(path);
    g_autofree char *cases = g_strconcat(file, ".case", NULL);
    g_autofree char *part = g_strconcat(file, OUTPUT_PART, NULL);

    return !strcmp(other, part) ||
           (!strcmp(o->option, "--tape") && g_str_has_prefix(other, cases));
}

static bool writes(const struct output *o, const char *path)
{
    return o->path && path && (output_same(o->path, path) || is_beside(o, path));
}

static bool are_apart(const struct output outputs[OUTPUTS], GError **error)
{
    for (int a = 0; a < OUTPUTS; a++)
        for (int b = 0; b < OUTPUTS; b++) {
            if (a == b || (a >= FILES && b >= FILES) ||
                !writes(&outputs[a], outputs[b].path))
                continue;
            return error_set(error,
                             "%s '%s' and %s '%s' are one file; only one of the two "
                             "would be left: name another",
                             outputs[a].option, outputs[a].path, outputs[b].option,
                             outputs[b].path);
        }
    return true;
}

static bool is_kept(const struct output outputs[OUTPUTS], const char *path,
                    const char *what, GError **error)
{
    for (int k = 0; k < FILES; k++)
        if (writes(&outputs[k], path))
            return error_set(error,
                             "%s '%s' would overwrite %s '%s'; name another file",
                             outputs[k].option, outputs[k].path, what, path);
    return true;
}

bool run_outputs_check(const struct run_outputs *o, const GPtrArray *items,
                       const char *from, GError **error)
{
    const char *tape = o->tape && strcmp(o->tape, "-") ? o->tape : NULL;
    const struct output outputs[OUTPUTS] = {
        { "--tape", tape },        { "--junit", o->junit },
        { "--report", o->page },   { "--save", o->save },
        { "--record", o->record }, { "--screenshots", o->screenshots },
    };

    if (!can_be_written(outputs, error) || !are_apart(outputs, error) ||
        !is_kept(outputs, from, "the snapshot", error))
        return false;
    for (guint k = 0; k < items->len; k++)
        if (!is_kept(outputs, ((struct run_item *)g_ptr_array_index(items, k))->path,
                     "the scenario", error))
            return false;
    return true;
}
