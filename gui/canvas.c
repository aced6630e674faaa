/* Shapes of the canvas: outlines in units of the drawing, filled by the raster. See
 * canvas.h. */
#include "gui/canvas.h"
#include "gui/lettering.h"
#include "gui/raster.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>

enum { ROUND_CORNERS = 12, DISC_CORNERS = 60, LETTERS_MIN = 4 /* pixels */ };

struct canvas {
    struct raster raster;
    float scale, left, top; /* units to pixels of the picture */
    bool lettering;         /* this pass draws letters, not shapes */
};

static const float pi = 3.14159265F;

struct canvas *canvas_new(void)
{
    return calloc(1, sizeof(struct canvas));
}

void canvas_free(struct canvas *c)
{
    if (!c)
        return;
    raster_free(&c->raster);
    free(c);
}

bool canvas_resize(struct canvas *c, int width, int height, float drawing_w,
                   float drawing_h)
{
    c->scale = fminf((float)width / drawing_w, (float)height / drawing_h);
    c->left = roundf(((float)width - drawing_w * c->scale) / 2);
    c->top = roundf(((float)height - drawing_h * c->scale) / 2);
    return raster_resize(&c->raster, width, height);
}

const struct picture *canvas_picture(const struct canvas *c)
{
    return &c->raster.picture;
}

struct point canvas_unit(const struct canvas *c, float x, float y)
{
    return (struct point){ (x - c->left) / c->scale, (y - c->top) / c->scale };
}

static struct point to_pixels(const struct canvas *c, struct point p)
{
    return (struct point){ c->left + p.x * c->scale, c->top + p.y * c->scale };
}

/* The whole pixels that a box touches. */
static struct area pixels_of(const struct canvas *c, const struct box *b)
{
    const struct area all = { 0, 0, c->raster.picture.width, c->raster.picture.height };

    if (!b)
        return all;
    struct point from = to_pixels(c, (struct point){ b->x, b->y });
    struct point to = to_pixels(c, (struct point){ b->x + b->w, b->y + b->h });
    int x = (int)floorf(from.x), y = (int)floorf(from.y);
    return area_intersection(
        (struct area){ x, y, (int)ceilf(to.x) - x, (int)ceilf(to.y) - y }, all);
}

struct area canvas_paint(struct canvas *c, const struct box *box, canvas_draw draw,
                         const void *user)
{
    c->raster.clip = pixels_of(c, box);
    c->lettering = false;
    draw(c, user);
    c->lettering = true;
    draw(c, user);
    return c->raster.clip;
}

static void add_contour(struct canvas *c, const struct point *p, int n)
{
    struct point at[CANVAS_POINTS_MAX];

    assert(n >= 3 && n <= CANVAS_POINTS_MAX);
    for (int k = 0; k < n; k++)
        at[k] = to_pixels(c, p[k]);
    raster_contour(&c->raster, at, n);
}

/* Colours at the heights y0 and y1 of the drawing. */
static void fill(struct canvas *c, float y0, float y1, struct colour top,
                 struct colour bottom)
{
    raster_fill(&c->raster,
                &(struct raster_shade){ c->top + y0 * c->scale, c->top + y1 * c->scale,
                                        top, bottom });
}

void canvas_gradient(struct canvas *c, const struct point *p, int n, struct colour top,
                     struct colour bottom)
{
    const struct box around = box_around(p, n);

    if (c->lettering)
        return;
    add_contour(c, p, n);
    fill(c, around.y, around.y + around.h, top, bottom);
}

void canvas_polygon(struct canvas *c, const struct point *p, int n,
                    struct colour colour)
{
    canvas_gradient(c, p, n, colour, colour);
}

/* A quarter of a circle from `quarter` on, into p. */
static int corner(struct point *p, float x, float y, float radius, int quarter)
{
    for (int k = 0; k <= ROUND_CORNERS; k++) {
        float angle = pi / 2 * ((float)quarter + (float)k / ROUND_CORNERS);
        p[k] = (struct point){ x + radius * cosf(angle), y + radius * sinf(angle) };
    }
    return ROUND_CORNERS + 1;
}

enum { BOX_CORNERS = 4 * (ROUND_CORNERS + 1) };

static int box_corners(struct point p[BOX_CORNERS], struct box b, float radius)
{
    const float right = b.x + b.w, low = b.y + b.h;

    if (radius <= 0) {
        p[0] = (struct point){ b.x, b.y };
        p[1] = (struct point){ right, b.y };
        p[2] = (struct point){ right, low };
        p[3] = (struct point){ b.x, low };
        return 4;
    }
    int n = corner(p, right - radius, low - radius, radius, 0);
    n += corner(p + n, b.x + radius, low - radius, radius, 1);
    n += corner(p + n, b.x + radius, b.y + radius, radius, 2);
    n += corner(p + n, right - radius, b.y + radius, radius, 3);
    return n;
}

void canvas_box(struct canvas *c, struct box b, float radius, struct colour top,
                struct colour bottom)
{
    struct point p[BOX_CORNERS];

    if (!c->lettering)
        canvas_gradient(c, p, box_corners(p, b, radius), top, bottom);
}

void canvas_rim(struct canvas *c, struct box b, float radius, struct box hole,
                struct colour colour)
{
    const float right = hole.x + hole.w, low = hole.y + hole.h;
    struct point p[BOX_CORNERS];

    if (c->lettering)
        return;
    add_contour(c, p, box_corners(p, b, radius));
    add_contour(
        c,
        (struct point[4]){
            { hole.x, hole.y }, { hole.x, low }, { right, low }, { right, hole.y } },
        4);
    fill(c, 0, 0, colour, colour);
}

/* The corners of a disc, in `direction` 1 or -1. */
static void circle(struct point *p, float x, float y, float radius, int direction)
{
    for (int k = 0; k < DISC_CORNERS; k++) {
        float angle = 2 * pi * (float)(k * direction) / DISC_CORNERS;
        p[k] = (struct point){ x + radius * cosf(angle), y + radius * sinf(angle) };
    }
}

void canvas_disc(struct canvas *c, float x, float y, float radius, struct colour top,
                 struct colour bottom)
{
    struct point p[DISC_CORNERS];

    if (c->lettering)
        return;
    circle(p, x, y, radius, 1);
    canvas_gradient(c, p, DISC_CORNERS, top, bottom);
}

void canvas_glow(struct canvas *c, float x, float y, float radius, struct colour colour)
{
    const struct box around = { x - radius, y - radius, 2 * radius, 2 * radius };
    const struct picture *to = &c->raster.picture;
    const struct area a = area_intersection(pixels_of(c, &around), c->raster.clip);
    const struct point middle = to_pixels(c, (struct point){ x, y });

    if (c->lettering)
        return;
    for (int row = a.y; row < a.y + a.h; row++)
        for (int column = a.x; column < a.x + a.w; column++) {
            float far =
                hypotf((float)column + 0.5F - middle.x, (float)row + 0.5F - middle.y);
            pixel_blend(&to->pixels[row * to->width + column], colour,
                        fmaxf(1 - far / (radius * c->scale), 0));
        }
}

void canvas_ring(struct canvas *c, float x, float y, float radius, float width,
                 struct colour colour)
{
    struct point p[DISC_CORNERS];

    if (c->lettering)
        return;
    circle(p, x, y, radius + width / 2, 1);
    add_contour(c, p, DISC_CORNERS);
    circle(p, x, y, radius - width / 2, -1);
    add_contour(c, p, DISC_CORNERS);
    fill(c, y, y, colour, colour);
}

/* Half the width, across the curve at point k. */
static struct point across(const struct point *p, int n, int k, float width)
{
    int a = k > 0 ? k - 1 : 0, b = k < n - 1 ? k + 1 : n - 1;
    float dx = p[b].x - p[a].x, dy = p[b].y - p[a].y, length = hypotf(dx, dy);

    if (length <= 0)
        return (struct point){ 0, width / 2 };
    return (struct point){ -dy / length * width / 2, dx / length * width / 2 };
}

/* Piece by piece: each meets the next at an edge that both have, so that no seam
 * shows. */
void canvas_curve(struct canvas *c, const struct point *p, int n, float width,
                  struct colour colour)
{
    assert(n <= CANVAS_CURVE_MAX);
    if (c->lettering)
        return;
    for (int k = 0; k + 1 < n; k++) {
        struct point a = across(p, n, k, width), b = across(p, n, k + 1, width);
        add_contour(c,
                    (struct point[4]){ { p[k].x + a.x, p[k].y + a.y },
                                       { p[k + 1].x + b.x, p[k + 1].y + b.y },
                                       { p[k + 1].x - b.x, p[k + 1].y - b.y },
                                       { p[k].x - a.x, p[k].y - a.y } },
                    4);
    }
    fill(c, 0, 0, colour, colour);
}

void canvas_line(struct canvas *c, struct point from, struct point to, float width,
                 struct colour colour)
{
    const struct point p[2] = { from, to };

    if (from.x != to.x || from.y != to.y)
        canvas_curve(c, p, 2, width, colour);
}

void canvas_text(struct canvas *c, float x, float y, float size, enum font_face face,
                 enum canvas_align align, struct colour colour, const char *text)
{
    static const float shares[] = {
        [CANVAS_LEFT] = 0, [CANVAS_CENTRE] = 0.5F, [CANVAS_RIGHT] = 1
    };
    const struct point at = to_pixels(c, (struct point){ x, y });
    const struct lettering style = { face, roundf(size * c->scale), shares[align],
                                     colour };

    if (c->lettering && style.pixels >= LETTERS_MIN)
        lettering_draw(&c->raster, &style, (struct point){ roundf(at.x), roundf(at.y) },
                       text);
}
