/* See report_file.h. */
#include "sim/factory/report_file.h"

bool report_file_write(const char *base, const char *extension, char *text,
                       GError **error)
{
    g_autofree char *path = g_strconcat(base, extension, NULL);
    const bool done = g_file_set_contents(path, text, -1, error);

    g_free(text);
    return done;
}
