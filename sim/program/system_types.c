/* System types in messages. See system_types.h. */
#include "sim/program/system_types.h"
#include <glib.h>

const char *system_types_text(char text[SYSTEM_TYPES_TEXT], unsigned mask,
                              const char *between, const char *before_last)
{
    gsize length = 0;

    *text = '\0';
    for (int k = 0; k < SYSTEM_TYPES; k++) {
        if (!(mask >> k & 1))
            continue;
        const char *gap = !length ? "" : mask >> (k + 1) ? between : before_last;
        length += (gsize)g_snprintf(text + length, SYSTEM_TYPES_TEXT - length, "%s%d",
                                    gap, system_type_table[k].number);
    }
    return text;
}
