/* Files of a certificate or a report. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* text, which is freed, to the file `base` with this extension, whole or not at all. */
bool report_file_write(const char *base, const char *extension, char *text,
                       GError **error);
