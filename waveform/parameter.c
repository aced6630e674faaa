/* Rows of parameters, applied to the structs they describe. See parameter.h. */
#include "waveform/parameter.h"
#include <string.h>

void parameter_set_defaults(const struct parameter *rows, int count, unsigned kind,
                            void *into)
{
    for (int k = 0; k < count; k++)
        if (rows[k].kind == kind)
            memcpy((char *)into + rows[k].offset, &rows[k].initial,
                   sizeof rows->initial);
}

bool parameter_in_range(const struct parameter *rows, int count, unsigned kind,
                        const void *of)
{
    for (int k = 0; k < count; k++) {
        const struct parameter *p = &rows[k];
        double value;
        memcpy(&value, (const char *)of + p->offset, sizeof value);
        if (p->kind == kind && !(value >= p->min && value <= p->max))
            return false;
    }
    return true;
}
