/* The subcommands of metersim, one function each: argv[0] is the subcommand's name.
 * They return the program's exit code: 0 done (all passed), 1 an expectation or a
 * comparison failed, 2 misuse or something cannot be opened. When *error is set, main
 * prints it and exits with its code. */
#ifndef SIM_PROGRAM_COMMANDS_H
#define SIM_PROGRAM_COMMANDS_H

#include "sim/program/error.h"

int command_run(int argc, char **argv, GError **error);
int command_replay(int argc, char **argv, GError **error);
int command_junit_merge(int argc, char **argv, GError **error);
int command_console(int argc, char **argv, GError **error);
int command_verbs(int argc, char **argv, GError **error);
int command_faults(int argc, char **argv, GError **error);
int command_serve(int argc, char **argv, GError **error);
int command_tour(int argc, char **argv, GError **error);
int command_bench(int argc, char **argv, GError **error);
int command_accuracy(int argc, char **argv, GError **error);
int command_typetest(int argc, char **argv, GError **error);
int command_comtrade(int argc, char **argv, GError **error);
int command_capture(int argc, char **argv, GError **error);
int command_compare(int argc, char **argv, GError **error);
int command_registers(int argc, char **argv, GError **error);
int command_screens(int argc, char **argv, GError **error);
int command_panel(int argc, char **argv, GError **error);

/* Parses the options of a subcommand ("metersim NAME [OPTION…] ARGUMENTS"); `more` is
 * shown below them by --help: examples, limits. The arguments are left in argv. */
bool command_options(int *argc, char ***argv, const char *arguments,
                     const GOptionEntry *entries, const char *more, GError **error);

/* Is the number of the option --OPTION in its range? NaN is not. */
bool command_in_range(const char *option, double value, double min, double max,
                      GError **error);

/* The same for --type, which is register 130. */
bool command_is_type(int type, GError **error);

#endif
