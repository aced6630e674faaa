/* Lettering of the canvas, by the built-in outlines. Letters are sharp when the line on
 * which they stand, the height of the small ones and that of the capitals are whole
 * pixels, so heights are stretched to fit; widths are not. */
#include "gui/canvas_internal.h"
#include "gui/font.h"
#include <math.h>

enum { PIXELS_MIN = 4, CONTOUR_MAX = 400 };

/* A face at a size. */
struct lettering {
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
static float height_of(const struct lettering *l, int y)
{
    const int x_height = l->font->x_height, rest = l->font->cap_height - x_height;

    if (y <= 0)
        return (float)y * l->scale;
    if (y <= x_height)
        return (float)y * l->x_height / (float)x_height;
    return l->x_height +
           (float)(y - x_height) * (l->cap_height - l->x_height) / (float)rest;
}

static void add_glyph(struct raster *r, const struct lettering *l,
                      const struct font_glyph *g, struct point at)
{
    struct point p[CONTOUR_MAX];
    int n = 0;

    for (unsigned k = 0; k < g->count; k++) {
        const struct font_point *q = &l->font->point[g->first + k];
        if (q->x == FONT_CONTOUR_END) {
            raster_contour(r, p, n);
            n = 0;
        } else if (n < CONTOUR_MAX) {
            p[n++] = (struct point){ at.x + (float)q->x * l->scale,
                                     at.y - height_of(l, q->y) };
        }
    }
}

static float width_of(const struct lettering *l, const char *text)
{
    int units = 0;

    while (*text)
        units += find_glyph(l->font, next_code(&text))->advance;
    return (float)units * l->scale;
}

void canvas_text(struct canvas *c, float x, float y, float size, enum font_face face,
                 enum canvas_align align, struct colour colour, const char *text)
{
    const struct raster_shade shade = { 0, 0, colour, colour };
    const float pixels = roundf(size * c->scale);
    struct lettering l = { &fonts[face], pixels / (float)fonts[face].units, 0, 0 };

    if (!c->lettering || pixels < PIXELS_MIN)
        return;
    l.x_height = roundf((float)l.font->x_height * l.scale);
    l.cap_height = roundf((float)l.font->cap_height * l.scale);
    float width = width_of(&l, text);
    struct point at = { roundf(c->left + x * c->scale), roundf(c->top + y * c->scale) };
    at.x -= align == CANVAS_LEFT ? 0 : align == CANVAS_RIGHT ? width : width / 2;
    while (*text) {
        const struct font_glyph *g = find_glyph(l.font, next_code(&text));
        add_glyph(&c->raster, &l, g, at);
        raster_fill(&c->raster, &shade);
        at.x += (float)g->advance * l.scale;
    }
}
