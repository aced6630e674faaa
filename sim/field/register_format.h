/* How registers are read as a number: s16 u16 s32 u32 f32, high word first. */
#pragma once

#include <stdint.h>

enum { REGISTER_FORMATS = 5, REGISTER_FORMAT_F32 = 4 };

struct register_format {
    const char *name;
    int words;
};

extern const struct register_format register_formats[REGISTER_FORMATS];

/* Of the words of that format. */
double register_format_number(const uint16_t *word, int format);
