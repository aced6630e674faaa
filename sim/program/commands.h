/* The subcommands of metersim, one function each: argv[0] is the subcommand's name.
 * They return the program's exit code: 0 done (all passed), 1 an expectation or a
 * comparison failed, 2 misuse or a thing that cannot be had. */
#ifndef SIM_PROGRAM_COMMANDS_H
#define SIM_PROGRAM_COMMANDS_H

#include <glib.h>
#include <stdbool.h>

int command_run(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_junit_merge(int argc, char **argv);
int command_console(int argc, char **argv);
int command_verbs(int argc, char **argv);
int command_faults(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_tour(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_accuracy(int argc, char **argv);
int command_typetest(int argc, char **argv);
int command_comtrade(int argc, char **argv);
int command_capture(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_registers(int argc, char **argv);
int command_screens(int argc, char **argv);
int command_panel(int argc, char **argv);

/* Parses the options of a subcommand ("metersim NAME [OPTION…] ARGUMENTS"); `more` is
 * shown below them by --help: examples, limits. FALSE: misuse, said on stderr. What is
 * left in argv are the arguments. */
bool command_options(int *argc, char ***argv, const char *name, const char *arguments,
                     const GOptionEntry *entries, const char *more);

/* Is the number of the option --OPTION in its range? False (NaN, too): said on
 * stderr. */
bool command_in_range(const char *name, const char *option, double value, double least,
                      double most);

/* The same of --type, which is register 130. */
bool command_is_type(const char *name, int type);

#endif
