/* The type of error in sim/: a GError of one domain, whose code is the exit code of the
 * program. Whoever finds an error sets it and returns false, -1 or NULL; main prints
 * what reaches it. Nothing else writes errors to stderr.
 *
 * The first error stays: setting another one changes nothing. `error` may be NULL. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum error_code {
    ERROR_FAILED = 1, /* an expectation or a comparison failed */
    ERROR_MISUSE = 2  /* wrong arguments, or something cannot be opened or written */
};

/* Sets ERROR_MISUSE. Returns false. */
bool error_set(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Sets any code; returns false. */
bool error_set_code(GError **error, enum error_code code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

/* Like error_set; the message ends with "; see metersim COMMAND --help". */
bool error_set_usage(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Moves `from` (may be NULL) to *to. Returns true when `from` is NULL. */
bool error_move(GError **to, GError *from);

/* 0 for NULL; ERROR_MISUSE for the errors of GLib. */
int error_exit_code(const GError *error);

/* Prints "metersim COMMAND: message" to stderr and frees the error. Returns the exit
 * code. NULL: prints nothing. */
int error_print(GError *error);

/* Prints a warning in the same form; the program goes on. */
void error_warn(const char *format, ...) G_GNUC_PRINTF(1, 2);
