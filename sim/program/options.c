/* Options of the subcommands, by GLib. See commands.h. */
#include "sim/program/commands.h"
#include <stdio.h>
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
    if (parsed) {
        drop_separator(argc, *argv);
    } else {
        fprintf(stderr, "%s: %s; see %s --help\n", program, error->message, program);
        g_error_free(error);
    }
    g_option_context_free(context);
    g_free(program);
    return parsed;
}

bool command_in_range(const char *name, const char *option, double value, double least,
                      double most)
{
    if (value >= least && value <= most)
        return true;
    fprintf(stderr, "metersim %s: --%s must be from %.15g to %.15g, not %.15g\n", name,
            option, least, most, value);
    return false;
}

bool command_is_type(const char *name, int type)
{
    static const int known[] = { 10, 11, 12, 31, 40 };

    for (size_t k = 0; k < G_N_ELEMENTS(known); k++)
        if (known[k] == type)
            return true;
    fprintf(stderr, "metersim %s: --type must be 10, 11, 12, 31 or 40, not %d\n", name,
            type);
    return false;
}
