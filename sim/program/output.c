/* Result files. See output.h. */
#include "sim/program/output.h"
#include <errno.h>
#include <stdio.h>

bool output_write(const char *path, const GString *text, GError **error)
{
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(text->str, 1, text->len, file) == text->len;
    int number = errno;

    if (file && fclose(file) != 0 && written) {
        number = errno;
        written = false;
    }
    if (!written)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number), "%s: %s",
                    path, g_strerror(number));
    return written;
}
