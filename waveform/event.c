/* The table of events, and what each is at an instant. See event.h. */
#include "waveform/event.h"
#include "waveform/base/constants.h"
#include <math.h>

const struct event_row event_table[WAVEFORM_EVENTS] = {
#define E(id, name, text) { name, text },
#include "waveform/event.def"
};

const struct parameter event_parameters[] = {
#define P(id, field, unit, min, max, initial, text)                                    \
    { WAVEFORM_EVENT_##id,                                                             \
      #field,                                                                          \
      unit,                                                                            \
      offsetof(struct waveform_event, field),                                          \
      min,                                                                             \
      max,                                                                             \
      initial,                                                                         \
      text },
#include "waveform/event.def"
};

const int event_parameter_count = sizeof event_parameters / sizeof *event_parameters;

struct waveform_event event_defaults(enum waveform_event_kind kind)
{
    struct waveform_event event = { .kind = kind };

    parameter_set_defaults(event_parameters, event_parameter_count, kind, &event);
    return event;
}

bool event_valid(const struct waveform_event *event)
{
    if ((unsigned)event->kind >= WAVEFORM_EVENTS || !(event->at_s >= 0) ||
        !(event->at_s < 1e9) || !(fabs(event->point_degrees) <= 360) ||
        event->phases > 7)
        return false;
    return parameter_in_range(event_parameters, event_parameter_count, event->kind,
                              event);
}

bool event_reached(double t, double instant)
{
    return t + EVENT_TICK >= instant;
}

bool event_is_frequency(const struct event *e)
{
    return e->what.kind >= WAVEFORM_EVENT_HZ_STEP &&
           e->what.kind <= WAVEFORM_EVENT_HZ_WALK;
}

bool event_is_transient(const struct event *e)
{
    return e->what.kind >= WAVEFORM_EVENT_IMPULSE;
}

/* Of a transient nothing is left after 40 time constants: less than 5e-18 of it. */
static double lasting(const struct waveform_event *what)
{
    if (what->kind >= WAVEFORM_EVENT_IMPULSE)
        return 40 * what->time_constant_s;
    return what->duration_s > 0 ? what->duration_s + what->ramp_out_s : INFINITY;
}

struct event event_schedule(const struct waveform_event *what, double now_s,
                            struct turn phase_a, double hz)
{
    struct event e = { .what = *what, .start_s = now_s + what->at_s };
    if (what->on_wave) {
        uint64_t there = turn_from_ratio(what->point_degrees, 360).frac;
        uint64_t then = phase_a.frac + grid_turns(hz, what->at_s);
        e.start_s += (double)(there - then) / TWO_TO_64 / hz;
    }
    e.end_s = e.start_s + lasting(what);
    return e;
}

static bool concerns(const struct event *e, int k)
{
    return e->what.phases == 0 || e->what.phases >> k & 1;
}

static bool is_dip(const struct event *e)
{
    return e->what.kind <= WAVEFORM_EVENT_INTERRUPTION;
}

/* 0 before `from`, 1 after `length` more seconds. */
static double ramp(double t, double from, double length)
{
    if (length <= 0)
        return event_reached(t, from) ? 1 : 0;
    double part = (t - from) / length;
    return part < 0 ? 0 : part > 1 ? 1 : part;
}

static double back_s(const struct event *e)
{
    return e->what.duration_s > 0 ? e->start_s + e->what.duration_s : INFINITY;
}

double event_factor(const struct event *e, int k, double t)
{
    const struct waveform_event *what = &e->what;
    if (!is_dip(e) || !concerns(e, k))
        return 1;
    double share = ramp(t, e->start_s, what->ramp_in_s) *
                   (1 - ramp(t, back_s(e), what->ramp_out_s));
    return 1 + (what->percent / 100 - 1) * share;
}

static bool within(double t, double from, double length)
{
    return length > 0 && event_reached(t, from) && !event_reached(t, from + length);
}

bool event_moves(const struct event *e, int k, double t)
{
    return is_dip(e) && concerns(e, k) &&
           (within(t, e->start_s, e->what.ramp_in_s) ||
            within(t, back_s(e), e->what.ramp_out_s));
}

/* The jump ends where the way back begins. */
double event_jump(const struct event *e, int k, double t)
{
    bool jumps = is_dip(e) || e->what.kind == WAVEFORM_EVENT_JUMP;
    if (!jumps || !concerns(e, k) || !event_reached(t, e->start_s) ||
        event_reached(t, back_s(e)))
        return 0;
    return e->what.jump_degrees;
}

double event_next(const struct event *e, double t)
{
    const double instant[] = { e->start_s, e->start_s + e->what.ramp_in_s, back_s(e),
                               e->end_s };
    double next = INFINITY;
    for (int k = 0; k < 4; k++)
        if (!event_reached(t, instant[k]) && instant[k] < next)
            next = instant[k];
    return next;
}
