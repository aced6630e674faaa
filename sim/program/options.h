/* Options of the subcommands. */
#pragma once

#include "core/model.h"
#include <glib.h>
#include <stdbool.h>

/* Parses the options of a subcommand ("metersim NAME [OPTION…] ARGUMENTS"); `more` is
 * shown below them by --help: examples, limits. The arguments are left in argv. Texts
 * that options set stay until the program ends; nobody frees them. */
bool command_options(int *argc, char ***argv, const char *arguments,
                     const GOptionEntry *entries, const char *more, GError **error);

/* Is the number of the option --OPTION in its range? NaN is not. */
bool command_in_range(const char *option, double value, double min, double max,
                      GError **error);

/* The model of that name, or NULL and an error that lists all. */
const struct model *command_model(const char *name, GError **error);

/* The same for --type, which is register 130. */
bool command_is_type(int type, GError **error);
