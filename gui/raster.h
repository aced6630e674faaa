/* The raster: fills outlines with the exact share of each pixel that they cover.
 * Coordinates are pixels of the picture. A row is always computed as a whole, so a
 * pixel is the same however much of the picture is painted. */
#pragma once

#include "gui/picture.h"

enum { RASTER_EDGES_MAX = 1024, RASTER_STRETCH = 16 /* columns */ };

struct raster_edge {
    float x0, y0, x1, y1; /* downward */
    float direction;      /* 1, or -1 when the outline runs upward here */
};

struct raster {
    struct picture picture;
    struct area clip; /* only these pixels are painted */
    float *cover;     /* one row */
    bool *passed;     /* of its stretches: an edge passes there */
    struct raster_edge edge[RASTER_EDGES_MAX];
    int edges;
};

/* A colour for each row: from y0 to y1 it goes from `top` to `bottom`. */
struct raster_shade {
    float y0, y1;
    struct colour top, bottom;
};

/* False without memory; the picture is then empty. */
bool raster_resize(struct raster *r, int width, int height);
void raster_free(struct raster *r);

/* Adds a closed contour. Contours that run the other way round cut holes. */
void raster_contour(struct raster *r, const struct point *p, int n);

/* Fills what the contours enclose, and forgets them. */
void raster_fill(struct raster *r, const struct raster_shade *shade);
