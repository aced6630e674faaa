/* The bell-shaped step of the walk is the sum of four uniform numbers: only + − × and
 * integers, the same on every processor. See event_hz.h. */
#include "waveform/event_hz.h"
#include "waveform/base/random.h"
#include <assert.h>
#include <math.h>

#define WALK_S 0.1

static double since(double t, double instant)
{
    return t > instant ? t - instant : 0;
}

static double walk_step(struct event_hz *p, double hz)
{
    double next = hz + p->sigma_hz * (random_bell(&p->random) / RANDOM_BELL_DEVIATION);
    if (next > p->centre_hz + p->limit_hz)
        next = p->centre_hz + p->limit_hz;
    return next < p->centre_hz - p->limit_hz ? p->centre_hz - p->limit_hz : next;
}

double event_hz_pass(struct event_hz *p, double t, double *hz)
{
    double turns = 0;
    if (p->slope != 0 && event_reached(t, p->end_s)) {
        double late = since(t, p->end_s);
        turns -= p->slope * late * late / 2;
        *hz = p->to_hz;
        p->slope = 0;
    }
    while (p->walks && event_reached(t, p->next_s)) {
        double next = event_reached(p->next_s, p->stop_s) ? *hz : walk_step(p, *hz);
        turns += (next - *hz) * since(t, p->next_s);
        *hz = next;
        p->walks = !event_reached(p->next_s, p->stop_s);
        p->next_s += WALK_S;
    }
    return turns;
}

static double start_ramp(struct event_hz *p, const struct event *e, double late,
                         double *hz)
{
    double way = e->what.hz - *hz;
    if (way == 0)
        return 0;
    p->slope = way > 0 ? e->what.hz_per_s : -e->what.hz_per_s;
    p->to_hz = e->what.hz;
    p->end_s = e->start_s + way / p->slope;
    *hz += p->slope * late;
    return p->slope * late * late / 2;
}

static void start_walk(struct event_hz *p, const struct event *e, double was)
{
    p->walks = true;
    p->centre_hz = was;
    p->sigma_hz = e->what.sigma_hz;
    p->limit_hz = e->what.limit_hz < was / 2 ? e->what.limit_hz : was / 2;
    p->random = (uint64_t)e->what.seed;
    p->next_s = e->start_s + WALK_S;
    p->stop_s = e->end_s;
}

double event_hz_start(struct event_hz *p, const struct event *e, double t, double *hz)
{
    double late = since(t, e->start_s), was = *hz;
    *p = (struct event_hz){ 0 };
    switch (e->what.kind) {
    case WAVEFORM_EVENT_HZ_STEP:
        *hz = e->what.hz;
        return (*hz - was) * late;
    case WAVEFORM_EVENT_HZ_RAMP:
        return start_ramp(p, e, late, hz);
    case WAVEFORM_EVENT_HZ_WALK:
        start_walk(p, e, was);
        return 0;
    case WAVEFORM_EVENT_SAG:
    case WAVEFORM_EVENT_SWELL:
    case WAVEFORM_EVENT_INTERRUPTION:
    case WAVEFORM_EVENT_JUMP:
    case WAVEFORM_EVENT_IMPULSE:
    case WAVEFORM_EVENT_CAPACITOR:
    case WAVEFORM_EVENTS:
        break;
    }
    assert(false && "an event of the frequency");
    return 0;
}

double event_hz_next(const struct event_hz *p, double t)
{
    if (p->slope != 0 && !event_reached(t, p->end_s))
        return p->end_s;
    return p->walks ? p->next_s : INFINITY;
}
