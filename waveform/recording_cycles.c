/* A record as a wave without ends. A block of whole cycles repeats; where it closes on
 * itself, and where it meets the record's end, the weight passes from one wave to the
 * other over an eighth of a cycle, so that value and slope go on. The block lies a few
 * samples inside the record, where reading between samples is exact. */
#include "waveform/recording_cycles.h"
#include <math.h>

enum { FADE_PART = 8, AFTER_CYCLES = 3, AFTER_MIN = 8, MARGIN = 12 };

struct recording_cycles recording_cycles_of(const struct resample_grid *grid,
                                            const struct resample_kernel *kernel,
                                            double hz)
{
    struct recording_cycles c = { .grid = grid, .kernel = kernel };
    c.period = grid->hz / hz;
    c.fade = c.period / FADE_PART;
    c.last = (double)(grid->count - 1);
    c.block = c.last >= AFTER_MIN * c.period ? AFTER_CYCLES * c.period : c.period;
    c.margin = fmax(c.fade, fmin(MARGIN, 0.5 * (c.last - c.block)));
    return c;
}

/* 0…1, level at both ends in value, slope and curvature. */
static double blend(double s)
{
    return s * s * s * (10 - 15 * s + 6 * s * s);
}

static double record_at(const struct recording_cycles *c, int channel, double position)
{
    return resample_between(c->kernel, c->grid, channel, position);
}

/* The repeated block, counted from the record's first sample forwards (way 1) or from its
 * last backwards (way -1): `inside` is the distance, negative beyond the end. */
static double block_at(const struct recording_cycles *c, int channel, double inside,
                       double block, double end, double way)
{
    double out = c->margin - inside;
    double into = out - block * floor(out / block);
    double copy = record_at(c, channel, end + way * (c->margin + block - into));
    if (into >= c->fade)
        return copy;
    double before = record_at(c, channel, end + way * (c->margin - into));
    return before + blend(into / c->fade) * (copy - before);
}

double recording_cycles_at(const struct recording_cycles *c, int channel,
                           double position)
{
    bool early = position < 0.5 * c->last;
    double end = early ? 0 : c->last, way = early ? 1 : -1;
    double inside = (position - end) * way;
    if (inside >= c->fade)
        return record_at(c, channel, position);
    double copy = block_at(c, channel, inside, early ? c->period : c->block, end, way);
    if (inside <= 0)
        return copy;
    double record = record_at(c, channel, position);
    return copy + blend(inside / c->fade) * (record - copy);
}
