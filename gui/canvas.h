/* The canvas: filled shapes and lettering in the units of the drawing (900 x 600),
 * painted area by area into pixels in memory. It needs nothing but the C library: a
 * window, a file and a browser show the same pixels. */
#pragma once

#include "gui/font.h"
#include "gui/picture.h"

enum { CANVAS_POINTS_MAX = 64 };

enum canvas_align { CANVAS_LEFT, CANVAS_CENTRE, CANVAS_RIGHT };

struct canvas;

/* Draws everything; the canvas drops what lies outside the area that it paints. */
typedef void (*canvas_draw)(struct canvas *c, const void *user);

struct canvas *canvas_new(void); /* NULL without memory */
void canvas_free(struct canvas *c);

/* Pixels of the picture; the drawing (of drawing_w x drawing_h units) is scaled to fit
 * and centred. False without memory. */
bool canvas_resize(struct canvas *c, int width, int height, float drawing_w,
                   float drawing_h);
const struct picture *canvas_picture(const struct canvas *c);

/* Paints what lies in `box` (NULL: the whole picture) and returns the pixels that this
 * took. */
struct area canvas_paint(struct canvas *c, const struct box *box, canvas_draw draw,
                         const void *user);

/* From pixels of the picture to units of the drawing. */
struct point canvas_unit(const struct canvas *c, float x, float y);

/* For canvas_draw. A polygon may be concave but not cross itself; 3…CANVAS_POINTS_MAX
 * corners. `top` and `bottom`: colours at its upper and lower end. */
void canvas_polygon(struct canvas *c, const struct point *p, int n,
                    struct colour colour);
void canvas_gradient(struct canvas *c, const struct point *p, int n, struct colour top,
                     struct colour bottom);
void canvas_box(struct canvas *c, struct box box, float radius, struct colour top,
                struct colour bottom);
/* A box without its middle: what will lie over it need not be painted twice. */
void canvas_rim(struct canvas *c, struct box box, float radius, struct box hole,
                struct colour colour);
void canvas_disc(struct canvas *c, float x, float y, float radius, struct colour top,
                 struct colour bottom);
/* A disc that fades from the colour in its middle to nothing at its rim. */
void canvas_glow(struct canvas *c, float x, float y, float radius,
                 struct colour colour);
void canvas_ring(struct canvas *c, float x, float y, float radius, float width,
                 struct colour colour);
void canvas_line(struct canvas *c, struct point from, struct point to, float width,
                 struct colour colour);

/* Through n points, at most CANVAS_CURVE_MAX; corners are mitred. */
enum { CANVAS_CURVE_MAX = 256 };
void canvas_curve(struct canvas *c, const struct point *p, int n, float width,
                  struct colour colour);

/* y is the line on which the letters stand. */
void canvas_text(struct canvas *c, float x, float y, float size, enum font_face face,
                 enum canvas_align align, struct colour colour, const char *text);
