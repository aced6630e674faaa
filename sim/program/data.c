/* Shipped files. See data.h. */
#include "sim/program/data.h"
#include <glib.h>

char *data_path(const char *name)
{
    const char *top = g_getenv("METERSIM_DATA");

    return g_build_filename(top ? top : METERSIM_SOURCE_DIR, name, NULL);
}
