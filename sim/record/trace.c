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
        t->least[k / 2] = fminf(t->least[k], t->least[other]);
        t->greatest[k / 2] = fmaxf(t->greatest[k], t->greatest[other]);
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
        t->least[t->count] = t->greatest[t->count] = NAN;
        t->count++;
    }
    t->least[k] = fminf(t->least[k], (float)value);
    t->greatest[k] = fmaxf(t->greatest[k], (float)value);
    t->last = value;
    t->any = true;
}
