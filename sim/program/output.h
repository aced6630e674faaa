/* Files that users name for results. They are written in place, so that a device, a pipe
 * or a link stays what it is. */
#ifndef SIM_PROGRAM_OUTPUT_H
#define SIM_PROGRAM_OUTPUT_H

#include <glib.h>
#include <stdbool.h>

/* False with *error set: "out.xml: No space left on device". */
bool output_write(const char *path, const GString *text, GError **error);

#endif
