/* Options of the subcommands, by GLib. See commands.h. */
#include "sim/program/commands.h"
#include <stdio.h>

bool command_options(int *argc, char ***argv, const char *name, const char *arguments,
                     const GOptionEntry *entries, const char *more)
{
    GOptionContext *context = g_option_context_new(arguments);
    GError *error = NULL;
    char *program = g_strdup_printf("metersim %s", name);

    g_set_prgname(program);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, more);
    bool parsed = g_option_context_parse(context, argc, argv, &error);
    if (!parsed) {
        fprintf(stderr, "%s: %s; see %s --help\n", program, error->message, program);
        g_error_free(error);
    }
    g_option_context_free(context);
    g_free(program);
    return parsed;
}
