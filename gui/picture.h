/* What a picture is made of: points and boxes in the units of the drawing, colours, and
 * the pixels themselves. It needs no library, so that any host can draw the panel. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct point {
    float x, y;
};

struct box {
    float x, y, w, h;
};

struct colour {
    uint8_t r, g, b, a;
};

/* A rectangle of whole pixels. */
struct area {
    int x, y, w, h;
};

/* Pixels are 0xAARRGGBB, row by row without gaps. */
struct picture {
    uint32_t *pixels;
    int width, height;
};

bool box_contains(struct box b, struct point p);
struct box box_union(struct box a, struct box b);
struct box box_around(const struct point *p, int n);
struct area area_intersection(struct area a, struct area b);

/* 0xRRGGBB, opaque; and with an alpha of 0…255. */
struct colour colour_rgb(unsigned rgb);
struct colour colour_rgba(unsigned rgb, int alpha);
struct colour colour_mix(struct colour a, struct colour b, float t);

/* Lays a colour over a pixel; coverage: the share of the pixel that it covers, 0…1. */
void pixel_blend(uint32_t *pixel, struct colour colour, float coverage);
