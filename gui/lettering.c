/* Letters by the built-in outlines. Letters are sharp when the line on
 * which they stand, the height of the small ones and that of the capitals are whole
 * pixels, so heights are stretched to fit; widths are not. */
#include "gui/lettering.h"
#include <math.h>

enum { CONTOUR_MAX = 400 };

/* A face at a size. */
struct sizes {
    const struct font *font;
    float scale, x_height, cap_height; /* pixels per font unit; pixels */
};

/* The next character of UTF-8; a byte that is none stands for itself. */
static uint32_t next_code(const char **text)
{
    const unsigned char *c = (const unsigned char *)*text;
    int more = *c >= 0xF0 ? 3 : *c >= 0xE0 ? 2 : *c >= 0xC0 ? 1 : 0;
    uint32_t code = more ? *c & (0x3Fu >> more) : *c;

    c++;
    for (; more > 0 && (*c & 0xC0) == 0x80; more--)
        code = code << 6 | (*c++ & 0x3Fu);
    *text = (const char *)c;
    return code;
}

static const struct font_glyph *find_glyph(const struct font *f, uint32_t code)
{
    int low = 0, high = f->glyphs - 1;

    while (low < high) {
        int middle = (low + high) / 2;
        if (f->glyph[middle].code < code)
            low = middle + 1;
        else
            high = middle;
    }
    return f->glyph[low].code == code ? &f->glyph[low] : &f->glyph[0];
}

/* Pixels above the line. */
static float height_of(const struct sizes *l, int y)
{
    const int x_height = l->font->x_height, rest = l->font->cap_height - x_height;

    if (y <= 0)
        return (float)y * l->scale;
    if (y <= x_height)
        return (float)y * l->x_height / (float)x_height;
    return l->x_height +
           (float)(y - x_height) * (l->cap_height - l->x_height) / (float)rest;
}

static void add_glyph(struct raster *r, const struct sizes *l,
                      const struct font_glyph *g, struct point at)
{
    struct point p[CONTOUR_MAX];
    int n = 0, x = 0, y = 0;

    for (unsigned k = 0; k < g->count; k++) {
        const struct font_point *q = &l->font->point[g->first + k];
        if (q->x == FONT_CONTOUR_END) {
            raster_contour(r, p, n);
            n = x = y = 0;
            continue;
        }
        x += q->x;
        y += q->y;
        if (n < CONTOUR_MAX)
            p[n++] =
                (struct point){ at.x + (float)x * l->scale, at.y - height_of(l, y) };
    }
}

static float width_of(const struct sizes *l, const char *text)
{
    int units = 0;

    while (*text)
        units += find_glyph(l->font, next_code(&text))->advance;
    return (float)units * l->scale;
}

void lettering_draw(struct raster *r, const struct lettering *style, struct point at,
                    const char *text)
{
    const struct raster_shade shade = { 0, 0, style->colour, style->colour };
    const struct font *font = &fonts[style->face];
    const float scale = style->pixels / (float)font->units;
    const struct sizes sizes = { font, scale, roundf((float)font->x_height * scale),
                                 roundf((float)font->cap_height * scale) };

    at.x -= width_of(&sizes, text) * style->share;
    while (*text) {
        const struct font_glyph *g = find_glyph(font, next_code(&text));
        add_glyph(r, &sizes, g, at);
        raster_fill(r, &shade);
        at.x += (float)g->advance * scale;
    }
}
