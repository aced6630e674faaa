/* Formats of registers. See register_format.h. */
#include "sim/field/register_format.h"
#include <string.h>

const struct register_format register_formats[REGISTER_FORMATS] = {
    { "s16", 1 }, { "u16", 1 }, { "s32", 2 }, { "u32", 2 }, { "f32", 2 }
};

double register_format_number(const uint16_t *word, int format)
{
    uint32_t both = (uint32_t)word[0] << 16 | word[register_formats[format].words - 1];
    float x;

    switch (format) {
    case 0:
        return (int16_t)word[0];
    case 1:
        return word[0];
    case 2:
        return (int32_t)both;
    case 3:
        return both;
    default:
        memcpy(&x, &both, sizeof x);
        return (double)x;
    }
}
