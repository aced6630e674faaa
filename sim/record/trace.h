/* A curve in constant memory: the minimum and the maximum of each piece of time.
 * Pieces begin as one second; when there are too many, two become one, so a curve of
 * any length has at most TRACE_PIECES of them and no extreme is lost. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { TRACE_PIECES = 1000 };

struct trace {
    int count;      /* pieces up to the last that has a value */
    int64_t length; /* of a piece, s */
    double last;    /* value */
    bool any;       /* has values */
    /* NaN where there is none. */
    float min[TRACE_PIECES], max[TRACE_PIECES];
};

void trace_start(struct trace *t);

/* A value at a second (from 0, not decreasing); NaN is none. */
void trace_add(struct trace *t, int64_t second, double value);
