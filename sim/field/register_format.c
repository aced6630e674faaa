/* Formats of registers. See register_format.h. */
#include "sim/field/register_format.h"
#include <string.h>

enum { S16, U16, S32, U32, F32 };

const struct register_format register_formats[REGISTER_FORMATS] = {
    [S16] = { "s16", 1 },
    [U16] = { "u16", 1 },
    [S32] = { "s32", 2 },
    [U32] = { "u32", 2 },
    [F32] = { "f32", 2 }
};

double register_format_number(const uint16_t *word, int format)
{
    uint32_t both = (uint32_t)word[0] << 16 | word[register_formats[format].words - 1];
    float x;

    if (format == S16)
        return (int16_t)word[0];
    if (format == U16)
        return word[0];
    if (format == S32)
        return (int32_t)both;
    if (format == U32)
        return both;
    memcpy(&x, &both, sizeof x);
    return (double)x;
}
