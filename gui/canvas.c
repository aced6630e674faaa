/* Shapes of the canvas. See canvas.h. A picture is painted in bands, so that the
 * fourfold enlargement never needs more than a few megabytes. */
#include "gui/canvas.h"
#include "gui/canvas_internal.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LARGE = 4, BAND_ROWS = 96, ROUND_CORNERS = 12, DISC_CORNERS = 60 };

static const float pi = 3.14159265F;

struct canvas *canvas_new(char *error, size_t size)
{
    struct canvas *c = SDL_calloc(1, sizeof *c);

    if (!c) {
        snprintf(error, size, "no memory");
        return NULL;
    }
    if (lettering_start(error, size) != 0) {
        SDL_free(c);
        return NULL;
    }
    return c;
}

static void free_surfaces(struct canvas *c)
{
    if (c->renderer)
        SDL_DestroyRenderer(c->renderer);
    SDL_FreeSurface(c->large);
    SDL_FreeSurface(c->half);
    SDL_FreeSurface(c->picture);
    c->renderer = NULL;
    c->large = c->half = c->picture = NULL;
}

void canvas_free(struct canvas *c)
{
    if (!c)
        return;
    free_surfaces(c);
    lettering_close(c);
    TTF_Quit();
    SDL_free(c);
}

static SDL_Surface *new_surface(int width, int height)
{
    return SDL_CreateRGBSurfaceWithFormat(0, width, height, 32,
                                          SDL_PIXELFORMAT_ARGB8888);
}

bool canvas_resize(struct canvas *c, int width, int height, float drawing_w,
                   float drawing_h)
{
    free_surfaces(c);
    lettering_close(c); /* the sizes change */
    c->scale = fminf((float)width / drawing_w, (float)height / drawing_h);
    c->left = roundf(((float)width - drawing_w * c->scale) / 2);
    c->top = roundf(((float)height - drawing_h * c->scale) / 2);
    c->picture = new_surface(width, height);
    c->large = new_surface(width * LARGE, BAND_ROWS * LARGE);
    c->half = new_surface(width * LARGE / 2, BAND_ROWS * LARGE / 2);
    if (!c->picture || !c->large || !c->half)
        return false;
    c->renderer = SDL_CreateSoftwareRenderer(c->large);
    return c->renderer != NULL;
}

SDL_Surface *canvas_picture(struct canvas *c)
{
    return c->picture;
}

SDL_FPoint canvas_unit(const struct canvas *c, float x, float y)
{
    return (SDL_FPoint){ (x - c->left) / c->scale, (y - c->top) / c->scale };
}

/* The whole pixels that a box touches. */
static SDL_Rect pixels_of(const struct canvas *c, const SDL_FRect *box)
{
    SDL_Rect all = { 0, 0, c->picture->w, c->picture->h }, r;

    if (!box)
        return all;
    r.x = (int)floorf(c->left + box->x * c->scale);
    r.y = (int)floorf(c->top + box->y * c->scale);
    r.w = (int)ceilf(c->left + (box->x + box->w) * c->scale) - r.x;
    r.h = (int)ceilf(c->top + (box->y + box->h) * c->scale) - r.y;
    SDL_IntersectRect(&r, &all, &r);
    return r;
}

static void paint_band(struct canvas *c, SDL_Rect band, canvas_draw draw,
                       const void *user)
{
    SDL_Rect large = { 0, 0, band.w * LARGE, band.h * LARGE };
    SDL_Rect half = { 0, 0, band.w * LARGE / 2, band.h * LARGE / 2 };

    c->band_x = (float)band.x;
    c->band_y = (float)band.y;
    c->band_w = (float)band.w;
    c->band_h = (float)band.h;
    SDL_RenderSetClipRect(c->renderer, &large);
    draw(c, user);
    SDL_RenderFlush(c->renderer);
    SDL_SoftStretchLinear(c->large, &large, c->half, &half);
    SDL_SoftStretchLinear(c->half, &half, c->picture, &band);
}

SDL_Rect canvas_paint(struct canvas *c, const SDL_FRect *box, canvas_draw draw,
                      const void *user)
{
    const SDL_Rect r = pixels_of(c, box);

    c->lettering = false;
    for (int y = r.y; y < r.y + r.h && r.w > 0; y += BAND_ROWS) {
        int rows = r.y + r.h - y;
        paint_band(c, (SDL_Rect){ r.x, y, r.w, rows < BAND_ROWS ? rows : BAND_ROWS },
                   draw, user);
    }
    c->lettering = true;
    SDL_SetClipRect(c->picture, &r);
    draw(c, user);
    SDL_SetClipRect(c->picture, NULL);
    return r;
}

/* --- polygons --- */

static float cross(SDL_FPoint o, SDL_FPoint a, SDL_FPoint b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

static bool inside(SDL_FPoint q, SDL_FPoint a, SDL_FPoint b, SDL_FPoint c)
{
    return cross(a, b, q) >= 0 && cross(b, c, q) >= 0 && cross(c, a, q) >= 0;
}

static bool is_ear(const SDL_FPoint *p, const int *left, int n, int k)
{
    int a = left[(k + n - 1) % n], b = left[k], c = left[(k + 1) % n];

    if (cross(p[a], p[b], p[c]) <= 0)
        return false;
    for (int m = 0; m < n; m++)
        if (left[m] != a && left[m] != b && left[m] != c &&
            inside(p[left[m]], p[a], p[b], p[c]))
            return false;
    return true;
}

/* Cuts ears off (corners in positive order); returns the number of indices. */
static int triangulate(const SDL_FPoint *p, int n, int *index)
{
    int left[CANVAS_POINTS_MOST], count = 0;

    for (int k = 0; k < n; k++)
        left[k] = k;
    while (n > 2) {
        int k = 0;
        while (k < n - 1 && !is_ear(p, left, n, k))
            k++;
        index[count++] = left[(k + n - 1) % n];
        index[count++] = left[k];
        index[count++] = left[(k + 1) % n];
        n--;
        for (int m = k; m < n; m++)
            left[m] = left[m + 1];
    }
    return count;
}

static float signed_area(const SDL_FPoint *p, int n)
{
    float sum = 0;

    for (int k = 0; k < n; k++)
        sum += p[k].x * p[(k + 1) % n].y - p[(k + 1) % n].x * p[k].y;
    return sum;
}

static Uint8 mix(Uint8 a, Uint8 b, float t)
{
    return (Uint8)lrintf((float)a + ((float)b - (float)a) * t);
}

static SDL_Color mix_colour(SDL_Color a, SDL_Color b, float t)
{
    return (SDL_Color){ mix(a.r, b.r, t), mix(a.g, b.g, t), mix(a.b, b.b, t),
                        mix(a.a, b.a, t) };
}

/* Into pixels of the enlarged band; false when none of it lies there. Rounded before
 * the band's corner is taken off, so that a shape is the same in every band. */
static bool to_band(const struct canvas *c, const SDL_FPoint *p, int n, SDL_FPoint *to)
{
    float x0 = 1e9F, x1 = -1e9F, y0 = 1e9F, y1 = -1e9F;

    for (int k = 0; k < n; k++) {
        float x = roundf((c->left + p[k].x * c->scale) * LARGE) - c->band_x * LARGE;
        float y = roundf((c->top + p[k].y * c->scale) * LARGE) - c->band_y * LARGE;
        x0 = fminf(x0, x);
        x1 = fmaxf(x1, x);
        y0 = fminf(y0, y);
        y1 = fmaxf(y1, y);
        to[k] = (SDL_FPoint){ x, y };
    }
    return x1 >= 0 && y1 >= 0 && x0 <= c->band_w * LARGE && y0 <= c->band_h * LARGE;
}

static void render(struct canvas *c, const SDL_Vertex *vertex, int n, const int *index,
                   int count, bool opaque)
{
    SDL_SetRenderDrawBlendMode(c->renderer,
                               opaque ? SDL_BLENDMODE_NONE : SDL_BLENDMODE_BLEND);
    SDL_RenderGeometry(c->renderer, NULL, vertex, n, index, count);
}

void canvas_gradient(struct canvas *c, const SDL_FPoint *p, int n, SDL_Color top,
                     SDL_Color bottom)
{
    SDL_FPoint at[CANVAS_POINTS_MOST];
    SDL_Vertex vertex[CANVAS_POINTS_MOST];
    int index[3 * CANVAS_POINTS_MOST];
    float y0 = 1e9F, y1 = -1e9F;

    assert(n >= 3 && n <= CANVAS_POINTS_MOST);
    if (c->lettering || !to_band(c, p, n, at))
        return;
    for (int k = 0; k < n; k++) {
        y0 = fminf(y0, p[k].y);
        y1 = fmaxf(y1, p[k].y);
    }
    bool turn = signed_area(p, n) < 0;
    for (int k = 0; k < n; k++) {
        int from = turn ? n - 1 - k : k;
        float t = y1 > y0 ? (p[from].y - y0) / (y1 - y0) : 0;
        vertex[k] = (SDL_Vertex){ at[from], mix_colour(top, bottom, t), { 0, 0 } };
    }
    for (int k = 0; k < n; k++)
        at[k] = vertex[k].position;
    int count = triangulate(at, n, index);
    render(c, vertex, n, index, count, top.a == 255 && bottom.a == 255);
}

void canvas_polygon(struct canvas *c, const SDL_FPoint *p, int n, SDL_Color colour)
{
    canvas_gradient(c, p, n, colour, colour);
}

/* A quarter of a circle from `turn` quarters on, into p. */
static int corner(SDL_FPoint *p, float x, float y, float radius, int turn)
{
    for (int k = 0; k <= ROUND_CORNERS; k++) {
        float angle = pi / 2 * ((float)turn + (float)k / ROUND_CORNERS);
        p[k] = (SDL_FPoint){ x + radius * cosf(angle), y + radius * sinf(angle) };
    }
    return ROUND_CORNERS + 1;
}

/* Corners into the enlarged band with the colour that belongs to their height. */
static void shade(SDL_Vertex *vertex, const SDL_FPoint *at, const SDL_FPoint *p, int n,
                  SDL_FRect b, SDL_Color top, SDL_Color bottom)
{
    for (int k = 0; k < n; k++)
        vertex[k] = (SDL_Vertex){ at[k],
                                  mix_colour(top, bottom, (p[k].y - b.y) / b.h),
                                  { 0, 0 } };
}

static int add_quad(int *index, int a, int b, int c, int d)
{
    const int two[6] = { a, b, c, a, c, d };

    SDL_memcpy(index, two, sizeof two);
    return 6;
}

/* The ends of a round box in level slices instead of ears: thin triangles that lie flat
 * cost SDL far less, because it works through the whole rectangle around each. */
static int slice_round_ends(int *index)
{
    const int r = ROUND_CORNERS, arc = ROUND_CORNERS + 1;
    int count = 0;

    for (int upper = 0; upper < 2; upper++) {
        int from = 2 * arc * upper, to = from + arc;
        for (int k = 0; k < r; k++)
            count += add_quad(index + count, from + k, from + k + 1, to + r - k - 1,
                              to + r - k);
    }
    return count;
}

static int round_corners(SDL_FPoint *p, SDL_FRect b, float radius)
{
    int n = corner(p, b.x + b.w - radius, b.y + b.h - radius, radius, 0);

    n += corner(p + n, b.x + radius, b.y + b.h - radius, radius, 1);
    n += corner(p + n, b.x + radius, b.y + radius, radius, 2);
    return n + corner(p + n, b.x + b.w - radius, b.y + radius, radius, 3);
}

static int steps_between(SDL_Color a, SDL_Color b)
{
    int r = abs(a.r - b.r), g = abs(a.g - b.g), blue = abs(a.b - b.b), most;

    most = r > g ? r : g;
    most = blue > most ? blue : most;
    return 1 + (abs(a.a - b.a) > most ? abs(a.a - b.a) : most);
}

/* A square box as level stripes, one for each colour: SDL fills rectangles far faster
 * than triangles. */
static void fill_stripes(struct canvas *c, const SDL_FPoint *a, const SDL_FPoint *b,
                         SDL_Color top, SDL_Color bottom)
{
    const int steps = steps_between(top, bottom);
    int y = (int)a->y, x = (int)a->x, w = (int)b->x - x;

    SDL_SetRenderDrawBlendMode(c->renderer, top.a == 255 && bottom.a == 255
                                                ? SDL_BLENDMODE_NONE
                                                : SDL_BLENDMODE_BLEND);
    for (int k = 0; k < steps; k++) {
        float part = (float)(k + 1) / (float)steps;
        int end = (int)lrintf(a->y + (b->y - a->y) * part);
        SDL_Color d =
            mix_colour(top, bottom, steps > 1 ? (float)k / (float)(steps - 1) : 0);
        SDL_SetRenderDrawColor(c->renderer, d.r, d.g, d.b, d.a);
        SDL_RenderFillRect(c->renderer, &(SDL_Rect){ x, y, w, end - y });
        y = end;
    }
}

static void fill_round_ends(struct canvas *c, SDL_FRect b, float radius, SDL_Color top,
                            SDL_Color bottom)
{
    SDL_FPoint p[4 * (ROUND_CORNERS + 1)], at[4 * (ROUND_CORNERS + 1)];
    SDL_Vertex vertex[4 * (ROUND_CORNERS + 1)];
    int index[12 * ROUND_CORNERS];
    int n = round_corners(p, b, radius);

    to_band(c, p, n, at);
    shade(vertex, at, p, n, b, top, bottom);
    render(c, vertex, n, index, slice_round_ends(index),
           top.a == 255 && bottom.a == 255);
}

void canvas_box(struct canvas *c, SDL_FRect b, float radius, SDL_Color top,
                SDL_Color bottom)
{
    const float share = radius / b.h;
    SDL_FPoint p[4] = { { b.x, b.y },
                        { b.x + b.w, b.y + b.h },
                        { b.x, b.y + radius },
                        { b.x + b.w, b.y + b.h - radius } };
    SDL_FPoint at[4];

    if (c->lettering || !to_band(c, p, 4, at))
        return;
    fill_stripes(c, &at[2], &at[3], mix_colour(top, bottom, share),
                 mix_colour(top, bottom, 1 - share));
    if (radius > 0)
        fill_round_ends(c, b, radius, top, bottom);
}

void canvas_disc(struct canvas *c, float x, float y, float radius, SDL_Color top,
                 SDL_Color bottom)
{
    SDL_FPoint p[DISC_CORNERS];

    for (int k = 0; k < DISC_CORNERS; k++) {
        float angle = 2 * pi * (float)k / DISC_CORNERS;
        p[k] = (SDL_FPoint){ x + radius * cosf(angle), y + radius * sinf(angle) };
    }
    canvas_gradient(c, p, DISC_CORNERS, top, bottom);
}

void canvas_glow(struct canvas *c, float x, float y, float radius, SDL_Color colour)
{
    SDL_Color none = { colour.r, colour.g, colour.b, 0 };
    SDL_FPoint p[DISC_CORNERS + 1] = { { x, y } }, at[DISC_CORNERS + 1];
    SDL_Vertex vertex[DISC_CORNERS + 1];
    int index[3 * DISC_CORNERS];

    for (int k = 0; k < DISC_CORNERS; k++) {
        float angle = 2 * pi * (float)k / DISC_CORNERS;
        p[1 + k] = (SDL_FPoint){ x + radius * cosf(angle), y + radius * sinf(angle) };
        index[3 * k] = 0;
        index[3 * k + 1] = 1 + k;
        index[3 * k + 2] = 1 + (k + 1) % DISC_CORNERS;
    }
    if (c->lettering || !to_band(c, p, DISC_CORNERS + 1, at))
        return;
    for (int k = 0; k <= DISC_CORNERS; k++)
        vertex[k] = (SDL_Vertex){ at[k], k ? none : colour, { 0, 0 } };
    render(c, vertex, DISC_CORNERS + 1, index, 3 * DISC_CORNERS, false);
}

void canvas_ring(struct canvas *c, float x, float y, float radius, float width,
                 SDL_Color colour)
{
    for (int k = 0; k < DISC_CORNERS; k++) {
        float a = 2 * pi * (float)k / DISC_CORNERS;
        float b = 2 * pi * (float)(k + 1) / DISC_CORNERS;
        float in = radius - width / 2, out = radius + width / 2;
        SDL_FPoint p[4] = { { x + in * cosf(a), y + in * sinf(a) },
                            { x + out * cosf(a), y + out * sinf(a) },
                            { x + out * cosf(b), y + out * sinf(b) },
                            { x + in * cosf(b), y + in * sinf(b) } };
        canvas_polygon(c, p, 4, colour);
    }
}

void canvas_line(struct canvas *c, SDL_FPoint from, SDL_FPoint to, float width,
                 SDL_Color colour)
{
    float dx = to.x - from.x, dy = to.y - from.y, length = hypotf(dx, dy);

    if (length <= 0)
        return;
    float nx = -dy / length * width / 2, ny = dx / length * width / 2;
    canvas_polygon(c,
                   (SDL_FPoint[4]){ { from.x + nx, from.y + ny },
                                    { to.x + nx, to.y + ny },
                                    { to.x - nx, to.y - ny },
                                    { from.x - nx, from.y - ny } },
                   4, colour);
}

/* Half the width, across the curve at point k. */
static SDL_FPoint across(const SDL_FPoint *p, int n, int k, float width)
{
    int a = k > 0 ? k - 1 : 0, b = k < n - 1 ? k + 1 : n - 1;
    float dx = p[b].x - p[a].x, dy = p[b].y - p[a].y, length = hypotf(dx, dy);

    if (length <= 0)
        return (SDL_FPoint){ 0, width / 2 };
    return (SDL_FPoint){ -dy / length * width / 2, dx / length * width / 2 };
}

void canvas_curve(struct canvas *c, const SDL_FPoint *p, int n, float width,
                  SDL_Color colour)
{
    for (int k = 0; k + 1 < n; k++) {
        SDL_FPoint a = across(p, n, k, width), b = across(p, n, k + 1, width);
        canvas_polygon(c,
                       (SDL_FPoint[4]){ { p[k].x + a.x, p[k].y + a.y },
                                        { p[k + 1].x + b.x, p[k + 1].y + b.y },
                                        { p[k + 1].x - b.x, p[k + 1].y - b.y },
                                        { p[k].x - a.x, p[k].y - a.y } },
                       4, colour);
    }
}

SDL_Color canvas_rgba(unsigned rgb, int alpha)
{
    return (SDL_Color){ (Uint8)(rgb >> 16), (Uint8)(rgb >> 8), (Uint8)rgb,
                        (Uint8)alpha };
}

SDL_Color canvas_rgb(unsigned rgb)
{
    return canvas_rgba(rgb, 255);
}
