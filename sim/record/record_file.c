/* Text files of a record. See record_file.h. They are made anew: one that is there is
 * an error, never overwritten. */
#include "sim/record/record_file.h"
#include "sim/program/error.h"
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

void record_file_open(struct record_file *f, const char *folder, const char *name)
{
    f->path = g_build_filename(folder, name, NULL);
    f->file = fopen(f->path, "wbx");
    f->error = f->file ? 0 : errno;
}

void record_file_print(struct record_file *f, const char *format, ...)
{
    va_list list;

    if (f->error)
        return;
    va_start(list, format);
    if (vfprintf(f->file, format, list) < 0)
        f->error = errno ? errno : EIO;
    va_end(list);
}

void record_file_time(struct record_file *f, int64_t at_ns)
{
    char text[16];

    g_snprintf(text, sizeof text, "%09" PRId64, at_ns % 1000000000);
    for (size_t k = 8; k > 2 && text[k] == '0'; k--)
        text[k] = '\0';
    record_file_print(f, "%" PRId64 ".%s", at_ns / 1000000000, text);
}

bool record_file_check(const struct record_file *f, GError **error)
{
    return !f->error || error_set(error, "%s: %s", f->path, g_strerror(f->error));
}

void record_file_close(struct record_file *f, GError **error)
{
    if (!f->path)
        return;
    if (f->file && fclose(f->file) && !f->error)
        f->error = errno ? errno : EIO;
    record_file_check(f, error);
    g_free(f->path);
    f->path = NULL;
    f->file = NULL;
}
