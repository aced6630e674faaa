/* The canvas: filled shapes and lettering in the units of the drawing (900 x 600),
 * painted by rectangles. SDL's software renderer rounds corners to whole pixels, so
 * shapes are drawn four times as large and averaged down; lettering is drawn at the
 * final size, where it is sharpest. The way is the same for a window and for a file, so
 * that a file shows what a window shows. */
#ifndef GUI_CANVAS_H
#define GUI_CANVAS_H

#include <SDL.h>
#include <stdbool.h>

enum { CANVAS_POINTS_MOST = 64 };

enum canvas_font { CANVAS_REGULAR, CANVAS_BOLD, CANVAS_MONO, CANVAS_FONTS };
enum canvas_align { CANVAS_LEFT, CANVAS_CENTRE, CANVAS_RIGHT };

struct canvas;

/* Draws everything; the canvas drops what lies outside the rectangle that it paints. */
typedef void (*canvas_draw)(struct canvas *c, const void *user);

/* NULL when a font is missing or SDL fails: the reason is in error[0…size-1]. */
struct canvas *canvas_new(char *error, size_t size);
void canvas_free(struct canvas *c);

/* Pixels of the picture; the drawing (of drawing_w x drawing_h units) is scaled to fit
 * and centred. False without memory. */
bool canvas_resize(struct canvas *c, int width, int height, float drawing_w,
                   float drawing_h);
SDL_Surface *canvas_picture(struct canvas *c);

/* Paints what lies in `box` (units of the drawing; NULL: the whole picture) and returns
 * the pixels that this took. */
SDL_Rect canvas_paint(struct canvas *c, const SDL_FRect *box, canvas_draw draw,
                      const void *user);

/* From pixels of the picture to units of the drawing. */
SDL_FPoint canvas_unit(const struct canvas *c, float x, float y);

/* For canvas_draw. A polygon may be concave but not cross itself; 3…CANVAS_POINTS_MOST
 * corners. `top` and `bottom`: colours at its upper and lower end. */
void canvas_polygon(struct canvas *c, const SDL_FPoint *p, int n, SDL_Color colour);
void canvas_gradient(struct canvas *c, const SDL_FPoint *p, int n, SDL_Color top,
                     SDL_Color bottom);
void canvas_box(struct canvas *c, SDL_FRect box, float radius, SDL_Color top,
                SDL_Color bottom);
void canvas_disc(struct canvas *c, float x, float y, float radius, SDL_Color top,
                 SDL_Color bottom);
/* A disc that fades from the colour in its middle to nothing at its rim. */
void canvas_glow(struct canvas *c, float x, float y, float radius, SDL_Color colour);
void canvas_ring(struct canvas *c, float x, float y, float radius, float width,
                 SDL_Color colour);
void canvas_line(struct canvas *c, SDL_FPoint from, SDL_FPoint to, float width,
                 SDL_Color colour);

/* Through n points, which may be many; corners are mitred. */
void canvas_curve(struct canvas *c, const SDL_FPoint *p, int n, float width,
                  SDL_Color colour);

/* y is the line on which the letters stand. */
void canvas_text(struct canvas *c, float x, float y, float size, enum canvas_font font,
                 enum canvas_align align, SDL_Color colour, const char *text);

/* 0xRRGGBB, opaque; and with an alpha of 0…255. */
SDL_Color canvas_rgb(unsigned rgb);
SDL_Color canvas_rgba(unsigned rgb, int alpha);

#endif
