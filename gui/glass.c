/* The glass. See glass.h. A cell has a corner; a kind of cell has a stroke or an
 * outline for each of its segments, in the order of their labels. */
#include "gui/glass.h"
#include <math.h>
#include <string.h>

const struct box glass_window = { 82, 190, 412, 162 };

/* Upper left corners of the cells, by kind and column. */
static const struct corner {
    float x, y;
} corners[GLASS_KINDS][GLASS_COLUMNS] = {
    [GLASS_ICONS] = { { 92, 202 } },
    [GLASS_TOP] = { { 146, 202 },
                    { 215, 202 },
                    { 284, 202 },
                    { 353, 202 },
                    { 422, 202 } },
    [GLASS_BOTTOM] = { { 148, 284 },
                       { 217, 284 },
                       { 286, 284 },
                       { 355, 284 },
                       { 424, 284 } },
};

/* Strokes: a bar has pointed ends, a diagonal is cut straight, a point is a dot. */
enum stroke_kind { BAR, DIAGONAL, POINT };

struct stroke {
    enum stroke_kind kind;
    float x0, y0, x1, y1;
};

enum { TOP_BITS = 15, BOTTOM_BITS = 8, ICON_BITS = 4 };

static const float top_height = 66, top_thick = 6.2F, bottom_height = 54,
                   bottom_thick = 6.4F, gap = 0.9F, lean = 0.09F;

static const struct stroke top_strokes[TOP_BITS] = {
    { BAR, 3, 3, 45, 3 },
    { BAR, 45, 3, 45, 33 },
    { BAR, 45, 33, 45, 63 },
    { BAR, 3, 63, 45, 63 },
    { BAR, 3, 33, 3, 63 },
    { BAR, 3, 3, 3, 33 },
    { BAR, 3, 33, 24, 33 },
    { BAR, 24, 33, 45, 33 },
    { DIAGONAL, 7.4F, 7.4F, 19.6F, 28.6F },
    { BAR, 24, 5.2F, 24, 33 },
    { DIAGONAL, 40.6F, 7.4F, 28.4F, 28.6F },
    { DIAGONAL, 7.4F, 58.6F, 19.6F, 37.4F },
    { BAR, 24, 33, 24, 60.8F },
    { DIAGONAL, 40.6F, 58.6F, 28.4F, 37.4F },
    { POINT, 55.5F, 62.5F, 0, 0 },
};

static const struct stroke bottom_strokes[BOTTOM_BITS] = {
    { BAR, 3.2F, 3.2F, 40, 3.2F },  { BAR, 40, 3.2F, 40, 27 },
    { BAR, 40, 27, 40, 50.8F },     { BAR, 3.2F, 50.8F, 40, 50.8F },
    { BAR, 3.2F, 27, 3.2F, 50.8F }, { BAR, 3.2F, 3.2F, 3.2F, 27 },
    { BAR, 3.2F, 27, 40, 27 },      { POINT, 51.5F, 50, 0, 0 },
};

/* Outlines of the icons, from the corner of the icons' cell; -1 ends. */
static const struct point icons[ICON_BITS][40] = {
    /* heart */
    { { 16, 26 },
      { 3.4F, 14.2F },
      { 1.4F, 11 },
      { 1, 7.6F },
      { 2, 4.4F },
      { 4.4F, 2 },
      { 7.8F, 1 },
      { 11.4F, 1.8F },
      { 14.2F, 3.8F },
      { 16, 6.6F },
      { 17.8F, 3.8F },
      { 20.6F, 1.8F },
      { 24.2F, 1 },
      { 27.6F, 2 },
      { 30, 4.4F },
      { 31, 7.6F },
      { 30.6F, 11 },
      { 28.6F, 14.2F },
      { -1, -1 } },
    /* wrench: handle down to the left, jaw up to the right */
    { { 2.6F, 57.4F },  { 17.6F, 47.2F }, { 17.2F, 43.4F }, { 18.6F, 39.6F },
      { 21.6F, 36.8F }, { 25.6F, 35.8F }, { 27.6F, 36.2F }, { 22.8F, 40.8F },
      { 23.4F, 44.4F }, { 27, 45.2F },    { 31.8F, 40.6F }, { 32, 43.6F },
      { 30.6F, 47.4F }, { 27.6F, 50.2F }, { 23.8F, 51 },    { 21.2F, 50.6F },
      { 6.4F, 62.4F },  { 4.2F, 62.8F },  { 2.2F, 61.6F },  { 1.6F, 59.4F },
      { -1, -1 } },
    /* import: an arrow that comes in, to the bar */
    { { 1, 91.2F },
      { 11, 91.2F },
      { 11, 85 },
      { 22, 92.4F },
      { 26.5F, 92.4F },
      { 26.5F, 84 },
      { 31, 84 },
      { 31, 105 },
      { 26.5F, 105 },
      { 26.5F, 96.6F },
      { 22, 96.6F },
      { 11, 104 },
      { 11, 97.8F },
      { 1, 97.8F },
      { -1, -1 } },
    /* export: an arrow that goes out, from the bar */
    { { 31, 113 },
      { 31, 134 },
      { 26.5F, 134 },
      { 26.5F, 126.8F },
      { 15, 126.8F },
      { 15, 133 },
      { 1, 123.5F },
      { 15, 114 },
      { 15, 120.2F },
      { 26.5F, 120.2F },
      { 26.5F, 113 },
      { -1, -1 } },
};

/* A bar with pointed ends along its centre line. */
static int outline_bar(const struct stroke *s, float thick, struct point *p)
{
    const float h = thick / 2;

    if (s->y0 == s->y1) {
        const struct point bar[6] = {
            { s->x0 + gap, s->y0 },         { s->x0 + gap + h, s->y0 - h },
            { s->x1 - gap - h, s->y0 - h }, { s->x1 - gap, s->y0 },
            { s->x1 - gap - h, s->y0 + h }, { s->x0 + gap + h, s->y0 + h }
        };
        memcpy(p, bar, sizeof bar);
    } else {
        const struct point bar[6] = {
            { s->x0, s->y0 + gap },         { s->x0 + h, s->y0 + gap + h },
            { s->x0 + h, s->y1 - gap - h }, { s->x0, s->y1 - gap },
            { s->x0 - h, s->y1 - gap - h }, { s->x0 - h, s->y0 + gap + h }
        };
        memcpy(p, bar, sizeof bar);
    }
    return 6;
}

/* From corner to corner of its field, with upright and level ends. */
static int outline_diagonal(const struct stroke *s, float thick, struct point *p)
{
    const float across = s->x1 > s->x0 ? thick * 0.62F : -thick * 0.62F;
    const float down = s->y1 > s->y0 ? thick : -thick;
    const struct point diagonal[6] = {
        { s->x0, s->y0 }, { s->x0 + across, s->y0 }, { s->x1, s->y1 - down },
        { s->x1, s->y1 }, { s->x1 - across, s->y1 }, { s->x0, s->y0 + down }
    };

    memcpy(p, diagonal, sizeof diagonal);
    return 6;
}

static int outline_point(const struct stroke *s, float thick, struct point *p)
{
    const float radius = thick * 0.6F;

    for (int k = 0; k < 16; k++) {
        float angle = 3.14159265F / 8 * (float)k;
        p[k] = (struct point){ s->x0 + radius * cosf(angle),
                               s->y0 + radius * sinf(angle) };
    }
    return 16;
}

static int outline(const struct stroke *s, float thick, struct point *p)
{
    return s->kind == BAR        ? outline_bar(s, thick, p)
           : s->kind == DIAGONAL ? outline_diagonal(s, thick, p)
                                 : outline_point(s, thick, p);
}

static int outline_icon(int bit, struct point *p)
{
    int n = 0;

    while (icons[bit][n].x >= 0) {
        p[n] = icons[bit][n];
        n++;
    }
    return n;
}

/* At the cell's corner. */
static int segment_outline(const struct glass_place *at, struct point *p)
{
    float height = at->kind == GLASS_TOP ? top_height : bottom_height;
    int n = 0;

    if (at->kind == GLASS_ICONS)
        return outline_icon(at->segment, p);
    if (at->kind == GLASS_TOP)
        n = outline(&top_strokes[at->segment], top_thick, p);
    else
        n = outline(&bottom_strokes[at->segment], bottom_thick, p);
    for (int k = 0; k < n; k++)
        p[k].x += (height / 2 - p[k].y) * lean;
    return n;
}

bool glass_shape(int com, int seg, struct glass_shape *shape)
{
    struct glass_place at;

    if (!glass_map(seg / 2 * 8 + seg % 2 * GLASS_COMS + com, &at))
        return false;
    const struct corner corner = corners[at.kind][at.column];
    shape->count = segment_outline(&at, shape->point);
    for (int k = 0; k < shape->count; k++) {
        shape->point[k].x += corner.x;
        shape->point[k].y += corner.y;
    }
    shape->box = box_around(shape->point, shape->count);
    return true;
}

bool glass_lit(const uint8_t lcd[HAL_LCD_SIZE], int com, int seg)
{
    return lcd[seg / 2] >> (seg % 2 * GLASS_COMS + com) & 1;
}

void glass_draw(struct canvas *c, const uint8_t lcd[HAL_LCD_SIZE], bool backlight)
{
    const struct box w = glass_window;
    const struct colour lit = colour_rgb(backlight ? 0xF4FAFF : 0x121B24);
    const struct colour dim = colour_rgba(backlight ? 0xFFFFFF : 0x000000, 16);
    struct glass_shape shape;

    if (backlight) {
        canvas_box(c, w, 5, colour_rgb(0x1A63D8), colour_rgb(0x0B3FA6));
        canvas_box(c, (struct box){ w.x, w.y, w.w, 3 }, 1.4F,
                   colour_rgba(0x03163F, 110), colour_rgba(0x03163F, 0));
    } else {
        canvas_box(c, w, 5, colour_rgb(0x3A4A5C), colour_rgb(0x2C3947));
    }
    for (int seg = 0; seg < GLASS_SEGS; seg++)
        for (int com = 0; com < GLASS_COMS; com++)
            if (glass_shape(com, seg, &shape))
                canvas_polygon(c, shape.point, shape.count,
                               glass_lit(lcd, com, seg) ? lit : dim);
}

bool glass_damage(const uint8_t a[HAL_LCD_SIZE], const uint8_t b[HAL_LCD_SIZE],
                  struct box *box)
{
    struct glass_shape shape;
    bool any = false;

    for (int seg = 0; seg < GLASS_SEGS; seg++)
        for (int com = 0; com < GLASS_COMS; com++) {
            if (glass_lit(a, com, seg) == glass_lit(b, com, seg) ||
                !glass_shape(com, seg, &shape))
                continue;
            *box = any ? box_union(*box, shape.box) : shape.box;
            any = true;
        }
    return any;
}
