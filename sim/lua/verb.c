/* Rows of words. See verb.h. */
#include "sim/lua/verb.h"
#include <string.h>

const struct verb *verb_find(const struct verb *rows, const char *name)
{
    for (; rows->name; rows++)
        if (!strcmp(rows->name, name))
            return rows;
    return NULL;
}
