/* The built-in lettering: outlines of DejaVu's glyphs, which the build makes into a
 * table (font/make_font.c). Nothing is read from a file when the program runs. */
#pragma once

#include <stdint.h>

enum font_face { FONT_REGULAR, FONT_BOLD, FONT_MONO, FONT_FACES };

/* Stands for the end of a contour in a list of points. */
enum { FONT_CONTOUR_END = INT16_MIN };

/* From the point before it; the first of a contour from where the glyph begins. Small
 * numbers pack well. */
struct font_point {
    int16_t x, y; /* font units, y upward from the line on which letters stand */
};

struct font_glyph {
    uint32_t code; /* of Unicode; the glyphs are sorted by it */
    int16_t advance;
    uint16_t count; /* points */
    uint32_t first;
};

struct font {
    int units; /* per em */
    int x_height, cap_height;
    int glyphs;
    const struct font_glyph *glyph; /* glyph[0] stands for those that are missing */
    const struct font_point *point;
};

extern const struct font fonts[FONT_FACES];
