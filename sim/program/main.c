/* metersim: the command line. Each subcommand is a row of the table and a function. */
#include "core/identity.h"
#include "sim/program/commands.h"
#include "sim/program/version.h"
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv, GError **error);
    const char *text;
} commands[] = {
#define X(function, name, text) { name, command_##function, text },
#include "sim/program/commands.def"
#undef X
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(FILE *to)
{
    fputs("metersim simulates Leviton Series 4100 and 4000-R power meters: the real "
          "metering core "
          "on a\n"
          "simulated board, in a synthesised grid.\n\nUsage: metersim COMMAND "
          "[OPTION…]\n\n",
          to);
    for (int k = 0; k < COMMANDS; k++)
        fprintf(to, "  %-10s %s\n", commands[k].name, commands[k].text);
    fputs("\nmetersim COMMAND --help lists the options. Examples:\n"
          "  metersim serve                          a meter on 127.0.0.1:1502\n"
          "  metersim run scenarios                  every scenario, as tests\n"
          "  metersim comtrade recordings/sag_b_480v.cfg\n",
          to);
}

/* Output that could not be written is an error. */
static int run_command(const struct command *command, int argc, char **argv)
{
    GError *error = NULL;
    g_autofree char *program = g_strdup_printf("metersim %s", command->name);

    g_set_prgname(program);
    int code = command->run(argc, argv, &error);
    if (error)
        code = error_print(g_steal_pointer(&error));
    if (fflush(stdout) || ferror(stdout)) {
        error_set(&error, "cannot write to standard output: %s", strerror(errno));
        code = error_print(error);
    }
    return code;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "tour";

    setlocale(LC_CTYPE, ""); /* numbers stay as in C: files look the same everywhere */
    if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
        print_help(stdout);
        return 0;
    }
    if (!strcmp(name, "--version")) {
        printf("metersim %s, firmware V%02d.%03d\n", version_text,
               METER_FIRMWARE_VERSION / 1000, METER_FIRMWARE_VERSION % 1000);
        return 0;
    }
    for (int k = 0; k < COMMANDS; k++)
        if (!strcmp(commands[k].name, name))
            return run_command(&commands[k], MAX(argc - 1, 1),
                               argc > 1 ? argv + 1 : argv);
    GError *error = NULL;
    g_set_prgname("metersim");
    error_set_usage(&error, "unknown command '%s'", name);
    return error_print(error);
}
