/* Files that users name for results. They appear whole (output_file.h). An output path
 * that cannot be written is reported before anything runs. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* False with *error set: "out.xml: No space left on device". */
bool output_write(const char *path, const GString *text, GError **error);

/* Can the path of this option be written? An existing file is not changed; a new one is
 * created and removed again. NULL (not given) can; "-" is refused, because people mean
 * standard output by it. */
bool output_check(const char *option, const char *path, GError **error);

/* The same for a folder of results: it exists, or can be created. */
bool output_check_folder(const char *option, const char *path, GError **error);

/* The path without links, "." and ".." (g_free); the file need not exist. */
char *output_canonical(const char *path);

/* Do both paths lead to the same file or folder, which need not exist yet? Two writers
 * of a device or pipe lose nothing, so these are never the same. */
bool output_same(const char *a, const char *b);
