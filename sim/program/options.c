/* Options of the subcommands, by GLib. See options.h. */
#include "sim/program/options.h"
#include "sim/program/error.h"
#include "sim/program/system_types.h"
#include <string.h>

/* GLib leaves "--" where a word behind it begins with a dash. */
static void drop_separator(int *argc, char **argv)
{
    int at = 1;

    while (at < *argc && strcmp(argv[at], "--"))
        at++;
    if (at == *argc)
        return;
    for (; at < *argc; at++)
        argv[at] = argv[at + 1]; /* up to the NULL */
    --*argc;
}

/* Texts live until the program ends: commands and what they start point to them. */
static void keep_texts(const GOptionEntry *entries)
{
    static GPtrArray *texts;

    if (!texts)
        texts = g_ptr_array_new();
    for (; entries->long_name; entries++)
        if (entries->arg == G_OPTION_ARG_STRING ||
            entries->arg == G_OPTION_ARG_FILENAME)
            g_ptr_array_add(texts, *(char **)entries->arg_data);
        else if (entries->arg == G_OPTION_ARG_STRING_ARRAY ||
                 entries->arg == G_OPTION_ARG_FILENAME_ARRAY)
            g_ptr_array_add(texts, *(char ***)entries->arg_data);
}

bool command_options(int *argc, char ***argv, const char *arguments,
                     const GOptionEntry *entries, const char *more, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(arguments);
    GError *wrong = NULL;

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, more);
    bool parsed = g_option_context_parse(context, argc, argv, &wrong);
    if (parsed) {
        drop_separator(argc, *argv);
        keep_texts(entries);
    } else {
        error_set_usage(error, "%s", wrong->message);
        g_error_free(wrong);
    }
    return parsed;
}

bool command_in_range(const char *option, double value, double min, double max,
                      GError **error)
{
    if (value >= min && value <= max)
        return true;
    return error_set(error, "--%s must be from %.15g to %.15g, not %.15g", option, min,
                     max, value);
}

const struct model *command_model(const char *name, GError **error)
{
    const struct model *model = model_find(name);

    if (model)
        return model;
    g_autoptr(GString) known = g_string_new(NULL);
    for (unsigned k = 0; model_at(k); k++)
        g_string_append_printf(known, "%s%s", k ? ", " : "", model_at(k)->name);
    error_set_usage(error, "unknown model '%s'; known: %s", name, known->str);
    return NULL;
}

bool command_is_type(int type, GError **error)
{
    char known[SYSTEM_TYPES_TEXT];

    if (type >= 0 && system_type_find((unsigned)type) >= 0)
        return true;
    return error_set(error, "--type must be %s, not %d",
                     system_types_text(known, ALL, ", ", " or "), type);
}
