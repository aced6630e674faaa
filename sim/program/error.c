/* The error of sim/. See error.h. The name of the command is GLib's program name, which
 * main sets. */
#include "sim/program/error.h"
#include <stdio.h>

static GQuark error_domain(void)
{
    return g_quark_from_static_string("metersim");
}

static bool set_text(GError **error, enum error_code code, char *text)
{
    if (error && !*error)
        *error = g_error_new_literal(error_domain(), code, text);
    g_free(text);
    return false;
}

bool error_set(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return set_text(error, ERROR_MISUSE, text);
}

bool error_set_code(GError **error, enum error_code code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return set_text(error, code, text);
}

bool error_set_usage(GError **error, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    error_set(error, "%s; see %s --help", text, g_get_prgname());
    return false;
}

bool error_move(GError **to, GError *from)
{
    if (!from)
        return true;
    if (to && !*to)
        *to = from;
    else
        g_error_free(from);
    return false;
}

int error_exit_code(const GError *error)
{
    if (!error)
        return 0;
    return error->domain == error_domain() ? error->code : ERROR_MISUSE;
}

int error_print(GError *error)
{
    int code = error_exit_code(error);

    if (!error)
        return code;
    error_warn("%s", error->message);
    g_error_free(error);
    return code;
}

void error_warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "%s: %s\n", g_get_prgname() ? g_get_prgname() : "metersim", text);
}
