/* Files that users name for results. They are written in place, so that a device, a
 * pipe or a link stays what it is. Whether they can be is asked before the work begins
 * that makes the results. */
#ifndef SIM_PROGRAM_OUTPUT_H
#define SIM_PROGRAM_OUTPUT_H

#include <glib.h>
#include <stdbool.h>

/* False with *error set: "out.xml: No space left on device". */
bool output_write(const char *path, const GString *text, GError **error);

/* Can that be written, by the place and the rights? Nothing changes: what is there is
 * not touched, what is not is made and removed again. NULL is nowhere, which can be;
 * "-" is refused, because people mean standard output by it.
 * False: said on stderr, for metersim NAME and its option. */
bool output_check(const char *name, const char *option, const char *path);

/* The same of a folder for results: it is there, or can be made where it is to be. */
bool output_check_folder(const char *name, const char *option, const char *path);

/* The name without links and detours (g_free), also of what is not there yet. */
char *output_canonical(const char *path);

/* Do both lead to one file or folder, or would they when it is made? Devices and pipes
 * lose nothing when two write to them: they are never the same. */
bool output_same(const char *a, const char *b);

#endif
