/* The subcommands of metersim, one function each: argv[0] is the subcommand's name.
 * They return the program's exit code: 0 done (all passed), 1 an expectation or a
 * comparison failed, 2 misuse or something cannot be opened. When *error is set, main
 * prints it and exits with its code. */
#pragma once

#include "sim/program/error.h"
#include "sim/program/options.h"

#define X(function, name, text)                                                        \
    int command_##function(int argc, char **argv, GError **error);
#include "sim/program/commands.def"
#undef X
