/* metersim scenarios: from what one sees in the field to the scenario that shows it, out
 * of the scenarios' own first lines. */
#include "sim/program/commands.h"
#include "sim/program/data.h"
#include "sim/program/filter.h"
#include "sim/program/table.h"
#include <glib.h>
#include <stdio.h>
#include <string.h>

static const char symptom[] = "In the field: ", proof[] = "How to tell: ";

/* What stands behind `key` in the comment that a scenario begins with, over as many
 * lines as it takes; "" when it is not there. */
static char *comment_of(char **lines, const char *key)
{
    GString *text = g_string_new("");
    bool within = false;

    for (; *lines && g_str_has_prefix(*lines, "--"); lines++) {
        const char *line = g_strstrip(*lines + 2);
        bool begins = g_str_has_prefix(line, key);
        bool other = g_str_has_prefix(line, symptom) || g_str_has_prefix(line, proof);
        if (begins || other)
            within = begins;
        if (within)
            g_string_append_printf(text, "%s%s", text->len ? " " : "",
                                   begins ? line + strlen(key) : line);
    }
    return g_string_free(text, FALSE);
}

static void print_scenario(const char *folder, const char *name, bool csv,
                           struct filter *filter)
{
    g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;

    if (g_file_get_contents(path, &text, NULL, NULL)) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        g_autofree char *what = comment_of(lines, symptom),
                        *how = comment_of(lines, proof);
        g_autofree char *file = g_strdup_printf("scenarios/%s", name);
        const char *const cells[] = { what, how, file, NULL };
        if (*what && filter_texts(filter, cells))
            table_row(csv, cells);
    }
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *scenario_names(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const char *name;

    while (dir && (name = g_dir_read_name(dir)))
        if (g_str_has_suffix(name, ".lua"))
            g_ptr_array_add(names, g_strdup(name));
    if (dir)
        g_dir_close(dir);
    g_ptr_array_sort(names, by_name);
    return names;
}

static void print_scenarios(const char *folder, GPtrArray *names, bool csv,
                            struct filter *filter)
{
    table_head(csv,
               (const char *[]){ "what one sees", "how to tell", "scenario", NULL });
    for (guint k = 0; k < names->len; k++)
        print_scenario(folder, g_ptr_array_index(names, k), csv, filter);
}

int command_scenarios(int argc, char **argv, GError **error)
{
    gboolean csv = FALSE;
    const GOptionEntry entries[] = { { "csv", 0, 0, G_OPTION_ARG_NONE, &csv,
                                       "CSV instead of Markdown", NULL },
                                     G_OPTION_ENTRY_NULL };
    struct filter filter = { 0 };

    if (!command_options(&argc, &argv, "[WORD…]", entries,
                         "Rows are printed that have a word with each WORD at its "
                         "beginning.\n\nExamples:\n"
                         "  metersim scenarios 'phase loss'\n"
                         "  metersim scenarios kW negative\n"
                         "  metersim run scenarios/reversed_ct.lua\n",
                         error))
        return 2;
    for (int k = 1; k < argc; k++)
        if (!filter_add(&filter, argv[k], false, error))
            return 2;
    g_autofree char *folder = data_path("scenarios");
    g_autoptr(GPtrArray) names = scenario_names(folder);
    int code = 2;
    if (names->len == 0)
        error_set(error, "no scenarios in %s; METERSIM_DATA names the folder above",
                  folder);
    else
        print_scenarios(folder, names, csv, &filter);
    if (names->len && filter_end(&filter, error))
        code = 0;
    return code;
}
