/* The raster. See raster.h. Each edge adds, at the columns where it passes through a
 * row, by how much the pixels to its right are covered; the sum along the row is the
 * coverage. Outlines that lie over each other in the same direction cover once. */
#include "gui/raster.h"
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool raster_resize(struct raster *r, int width, int height)
{
    raster_free(r);
    r->picture.pixels = calloc((size_t)width * (size_t)height, sizeof(uint32_t));
    const size_t stretches = (size_t)width / RASTER_STRETCH + 1;
    r->cover = calloc((stretches + 1) * RASTER_STRETCH, sizeof *r->cover);
    r->passed = calloc(stretches + 1, sizeof *r->passed);
    if (!r->picture.pixels || !r->cover || !r->passed) {
        raster_free(r);
        return false;
    }
    r->picture.width = width;
    r->picture.height = height;
    r->clip = (struct area){ 0, 0, width, height };
    return true;
}

void raster_free(struct raster *r)
{
    free(r->picture.pixels);
    free(r->cover);
    free(r->passed);
    r->cover = NULL;
    r->passed = NULL;
    r->picture = (struct picture){ 0 };
}

static void add_edge(struct raster *r, struct point a, struct point b)
{
    if (a.y == b.y)
        return;
    assert(r->edges < RASTER_EDGES_MAX);
    r->edge[r->edges++] = a.y < b.y ? (struct raster_edge){ a.x, a.y, b.x, b.y, 1 }
                                    : (struct raster_edge){ b.x, b.y, a.x, a.y, -1 };
}

void raster_contour(struct raster *r, const struct point *p, int n)
{
    for (int k = 0; k < n; k++)
        add_edge(r, p[k], p[(k + 1) % n]);
}

static float within(float x, float max)
{
    return x < 0 ? 0 : x > max ? max : x;
}

/* An edge that passes from x0 to x1 > x0, over several columns, while it goes down by
 * `height` of the row: the area to its right, column by column. */
static void add_slope(float *cover, float x0, float x1, float height)
{
    const float share = 1 / (x1 - x0);
    float before = 0;

    for (int column = (int)x0; (float)column < x1; column++) {
        float from = fmaxf(x0, (float)column), to = fminf(x1, (float)column + 1);
        float part = (to - from) * share * height;
        float right = part * ((float)column + 1 - (from + to) / 2);
        cover[column] += right + before;
        before = part - right;
    }
    cover[(int)ceilf(x1)] += before;
}

/* What an edge adds to the row at y. */
static void add_cover(struct raster *r, const struct raster_edge *e, float y)
{
    if (e->y1 <= y || e->y0 >= y + 1)
        return;
    const float top = fmaxf(e->y0, y), bottom = fminf(e->y1, y + 1);
    const float slope = (e->x1 - e->x0) / (e->y1 - e->y0);
    const float width = (float)r->picture.width;
    float x0 = within(e->x0 + slope * (top - e->y0), width);
    float x1 = within(e->x0 + slope * (bottom - e->y0), width);
    float height = (bottom - top) * e->direction;
    if (x0 > x1) {
        float x = x0;
        x0 = x1;
        x1 = x;
    }
    int column = (int)x0;
    for (int k = column / RASTER_STRETCH; k <= ((int)x1 + 1) / RASTER_STRETCH; k++)
        r->passed[k] = true;
    if (x1 <= (float)column + 1) {
        float right = height * ((float)column + 1 - (x0 + x1) / 2);
        r->cover[column] += right;
        r->cover[column + 1] += height - right;
    } else {
        add_slope(r->cover, x0, x1, height);
    }
}

/* Pixels that are covered alike. */
static void fill_span(uint32_t *from, const uint32_t *to, struct colour colour,
                      float share)
{
    const uint32_t solid = UINT32_C(0xFF000000) | (uint32_t)colour.r << 16 |
                           (uint32_t)colour.g << 8 | colour.b;

    if (share < 1.0F / 512)
        return;
    if (colour.a == 255 && share > 511.0F / 512)
        while (from < to)
            *from++ = solid;
    else
        while (from < to)
            pixel_blend(from++, colour, share);
}

/* Where the sum of the row changes next. */
static int next_change(const struct raster *r, int x, int end)
{
    while (x < end) {
        if (!r->passed[x / RASTER_STRETCH])
            x += RASTER_STRETCH - x % RASTER_STRETCH;
        else if (r->cover[x] != 0)
            return x;
        else
            x++;
    }
    return end;
}

static void clear_cover(struct raster *r)
{
    const int stretches = r->picture.width / RASTER_STRETCH + 2;

    for (int k = 0; k < stretches; k++)
        if (r->passed[k])
            memset(r->cover + k * RASTER_STRETCH, 0, RASTER_STRETCH * sizeof *r->cover);
    memset(r->passed, 0, (size_t)stretches * sizeof *r->passed);
}

/* Most of a row is a few spans: the sum changes only where an edge passes. */
static void fill_row(struct raster *r, int y, struct area a, struct colour colour)
{
    uint32_t *row = r->picture.pixels + (size_t)y * (size_t)r->picture.width;
    const int from = r->clip.x, to = r->clip.x + r->clip.w;
    const int end = a.x + a.w < to ? a.x + a.w : to;
    float sum = 0;

    for (int k = 0; k < r->edges; k++)
        add_cover(r, &r->edge[k], (float)y);
    for (int x = a.x, next; x < end; x = next) {
        sum += r->cover[x];
        next = next_change(r, x + 1, end);
        if (next > from)
            fill_span(row + (x > from ? x : from), row + next, colour,
                      fminf(fabsf(sum), 1));
    }
    clear_cover(r);
}

/* The pixels that the edges touch, within the picture. */
static struct area touched(const struct raster *r)
{
    const struct area all = { 0, 0, r->picture.width, r->picture.height };
    float x0 = 1e6F, x1 = -1e6F, y0 = 1e6F, y1 = -1e6F;

    for (int k = 0; k < r->edges; k++) {
        const struct raster_edge *e = &r->edge[k];
        x0 = fminf(x0, fminf(e->x0, e->x1));
        x1 = fmaxf(x1, fmaxf(e->x0, e->x1));
        y0 = fminf(y0, e->y0);
        y1 = fmaxf(y1, e->y1);
    }
    if (x0 > x1)
        return (struct area){ 0 };
    int x = (int)floorf(x0), y = (int)floorf(y0);
    return area_intersection(
        (struct area){ x, y, (int)ceilf(x1) - x, (int)ceilf(y1) - y }, all);
}

void raster_fill(struct raster *r, const struct raster_shade *s)
{
    const struct area a = touched(r), rows = area_intersection(a, r->clip);

    for (int y = rows.y; y < rows.y + rows.h && rows.w > 0; y++) {
        float t = s->y1 > s->y0 ? ((float)y + 0.5F - s->y0) / (s->y1 - s->y0) : 0;
        fill_row(r, y, a, colour_mix(s->top, s->bottom, within(t, 1)));
    }
    r->edges = 0;
}
