/* Rows of parameters, applied to the structs they describe. See parameter.h. */
#include "waveform/parameter.h"
#include <string.h>

void parameter_set_usual(const struct parameter *rows, int count, unsigned kind,
                         void *into)
{
    for (int k = 0; k < count; k++)
        if (rows[k].kind == kind)
            memcpy((char *)into + rows[k].offset, &rows[k].usual, sizeof rows->usual);
}

bool parameter_in_range(const struct parameter *rows, int count, unsigned kind,
                        const void *of)
{
    for (int k = 0; k < count; k++) {
        const struct parameter *p = &rows[k];
        double value;
        memcpy(&value, (const char *)of + p->offset, sizeof value);
        if (p->kind == kind && !(value >= p->least && value <= p->greatest))
            return false;
    }
    return true;
}
