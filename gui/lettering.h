/* Letters, filled into a raster. */
#pragma once

#include "gui/font.h"
#include "gui/raster.h"

struct lettering {
    enum font_face face;
    float pixels; /* per em: a whole number, or letters are not sharp */
    float share;  /* of the width that lies left of the point: 0…1 */
    struct colour colour;
};

/* UTF-8; `at` is on the line on which the letters stand, at a whole pixel. */
void lettering_draw(struct raster *r, const struct lettering *style, struct point at,
                    const char *text);
