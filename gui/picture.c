/* Boxes, colours and pixels. See picture.h. */
#include "gui/picture.h"
#include <math.h>

bool box_contains(struct box b, struct point p)
{
    return p.x >= b.x && p.x < b.x + b.w && p.y >= b.y && p.y < b.y + b.h;
}

struct box box_union(struct box a, struct box b)
{
    const struct point corner[4] = {
        { a.x, a.y }, { a.x + a.w, a.y + a.h }, { b.x, b.y }, { b.x + b.w, b.y + b.h }
    };

    return box_around(corner, 4);
}

struct box box_around(const struct point *p, int n)
{
    float x0 = p[0].x, x1 = p[0].x, y0 = p[0].y, y1 = p[0].y;

    for (int k = 1; k < n; k++) {
        x0 = fminf(x0, p[k].x);
        x1 = fmaxf(x1, p[k].x);
        y0 = fminf(y0, p[k].y);
        y1 = fmaxf(y1, p[k].y);
    }
    return (struct box){ x0, y0, x1 - x0, y1 - y0 };
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

struct area area_intersection(struct area a, struct area b)
{
    int x = larger(a.x, b.x), y = larger(a.y, b.y);
    int w = smaller(a.x + a.w, b.x + b.w) - x;
    int h = smaller(a.y + a.h, b.y + b.h) - y;

    return (struct area){ x, y, larger(w, 0), larger(h, 0) };
}

struct colour colour_rgba(unsigned rgb, int alpha)
{
    return (struct colour){ (uint8_t)(rgb >> 16), (uint8_t)(rgb >> 8), (uint8_t)rgb,
                            (uint8_t)alpha };
}

struct colour colour_rgb(unsigned rgb)
{
    return colour_rgba(rgb, 255);
}

static uint8_t mix(uint8_t a, uint8_t b, float t)
{
    return (uint8_t)lrintf((float)a + ((float)b - (float)a) * t);
}

struct colour colour_mix(struct colour a, struct colour b, float t)
{
    return (struct colour){ mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t),
                            mix(a.a, b.a, t) };
}

static uint32_t blend(uint32_t under, uint32_t over, uint32_t alpha)
{
    return (under * (255 - alpha) + over * alpha + 127) / 255;
}

void pixel_blend(uint32_t *pixel, struct colour c, float coverage)
{
    const uint32_t alpha = (uint32_t)((float)c.a * coverage + 0.5F), p = *pixel;

    *pixel = UINT32_C(0xFF000000) | blend(p >> 16 & 255, c.r, alpha) << 16 |
             blend(p >> 8 & 255, c.g, alpha) << 8 | blend(p & 255, c.b, alpha);
}
