/* Curves in constant memory. See trace.h. */
#include "sim/record/trace.h"
#include <math.h>

void trace_start(struct trace *t)
{
    t->count = 0;
    t->length = 1;
    t->last = 0;
    t->any = false;
}

/* fmin and fmax pass over NaN. */
static void halve(struct trace *t)
{
    for (int k = 0; k < t->count; k += 2) {
        int other = k + 1 < t->count ? k + 1 : k;
        t->min[k / 2] = fminf(t->min[k], t->min[other]);
        t->max[k / 2] = fmaxf(t->max[k], t->max[other]);
    }
    t->count = (t->count + 1) / 2;
    t->length *= 2;
}

void trace_add(struct trace *t, int64_t second, double value)
{
    if (isnan(value) || second < 0)
        return;
    while (second / t->length >= TRACE_PIECES)
        halve(t);
    int k = (int)(second / t->length);
    while (t->count <= k) {
        t->min[t->count] = t->max[t->count] = NAN;
        t->count++;
    }
    t->min[k] = fminf(t->min[k], (float)value);
    t->max[k] = fmaxf(t->max[k], (float)value);
    t->last = value;
    t->any = true;
}
