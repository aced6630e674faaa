/* The world in motion as bytes. Pointers are stored as indices:
 * layers to parts and events, drives to profiles, whose points come along, because the
 * file they were read from may not be there any more. */
#include "waveform/motion.h"
#include <math.h>
#include <stdlib.h>

enum { LINES_MAX = 65535, NOTHING = -1 };

#define SECONDS_MAX 1e10 /* some centuries */
#define POWER_MAX   1e40 /* of voltages and currents of STORE_SIZE_MAX */

static void store_phasors(struct store *s, struct phasor x[WAVEFORM_PHASES])
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        STORE_REAL(s, x[k].re, STORE_SIZE_MAX);
        STORE_REAL(s, x[k].im, STORE_SIZE_MAX);
    }
}

/* Of the world's time; INFINITY: never. */
static void store_instant(struct store *s, double *seconds)
{
    store_reals(s, seconds, 1, 0, INFINITY);
}

static void store_event(struct store *s, struct event *e)
{
    struct waveform_event *what = &e->what;
    double *const number[] = { &what->at_s,
                               &what->point_degrees,
                               &what->percent,
                               &what->duration_s,
                               &what->ramp_in_s,
                               &what->ramp_out_s,
                               &what->jump_degrees,
                               &what->hz,
                               &what->hz_per_s,
                               &what->sigma_hz,
                               &what->limit_hz,
                               &what->seed,
                               &what->volts,
                               &what->oscillation_hz,
                               &what->time_constant_s,
                               &what->start_degrees };

    STORE_ENUM(s, what->kind, WAVEFORM_EVENTS - 1);
    what->phases = (unsigned)store_count(s, (int)what->phases, 0, 7);
    store_flag(s, &what->on_wave);
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        STORE_REAL(s, *number[k], STORE_SIZE_MAX);
    store_instant(s, &e->start_s);
    store_instant(s, &e->end_s);
    STORE_REALS(s, e->crest, STORE_SIZE_MAX);
    store_flag(s, &e->started);
    if (s->loading && !event_valid(what))
        s->failed = true;
}

static void store_hz(struct store *s, struct event_hz *hz)
{
    STORE_REAL(s, hz->slope, WAVEFORM_HZ_MAX);
    store_reals(s, &hz->to_hz, 1, 0, WAVEFORM_HZ_MAX);
    store_instant(s, &hz->end_s);
    store_flag(s, &hz->walks);
    store_instant(s, &hz->next_s);
    store_instant(s, &hz->stop_s);
    store_reals(s, &hz->centre_hz, 1, 0, WAVEFORM_HZ_MAX);
    store_reals(s, &hz->sigma_hz, 1, 0, WAVEFORM_HZ_MAX);
    store_reals(s, &hz->limit_hz, 1, 0, WAVEFORM_HZ_MAX);
    STORE(s, hz->random);
}

static void store_shape(struct store *s, struct shape *shape)
{
    int capacity = store_count(s, shape->capacity, 0, LINES_MAX);
    int count = store_count(s, shape->count, 0, capacity);

    motion_reserve_source(shape, capacity);
    shape->count = count;
    for (int k = 0; k < count; k++) {
        store_reals(s, &shape->line[k].order, 1, 0, STORE_SIZE_MAX);
        STORE_REAL(s, shape->line[k].re, STORE_SIZE_MAX);
        STORE_REAL(s, shape->line[k].im, STORE_SIZE_MAX);
    }
}

/* Profiles by index. */
struct profiles {
    const struct profile *item[MOTION_PARTS];
    int count;
};

static int find_profile(const struct profiles *known, const struct profile *p)
{
    for (int k = 0; k < known->count; k++)
        if (known->item[k] == p)
            return k;
    return NOTHING;
}

static void collect(struct profiles *known, const struct load_part *p)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        const struct profile *profile = p->drive[k].profile;
        if (profile && find_profile(known, profile) == NOTHING)
            known->item[known->count++] = profile;
    }
}

/* Points are written from what the caller owns, so saving leaves them as they are. */
static void store_profile(struct store *s, struct profile *p)
{
    store_flag(s, &p->kw);
    p->count = store_count(s, p->count, 1, PROFILE_POINTS);
    if (s->loading) {
        p->point = calloc((size_t)p->count, sizeof *p->point);
        if (!p->point)
            abort();
    }
    for (int n = 0; n < p->count; n++) {
        struct profile_point *at = &p->point[n];
        store_reals(s, &at->seconds, 1, n ? at[-1].seconds : -STORE_SIZE_MAX,
                    STORE_SIZE_MAX);
        STORE_REALS(s, at->re, STORE_SIZE_MAX);
        STORE_REALS(s, at->im, STORE_SIZE_MAX);
    }
}

static void store_profiles(struct store *s, struct motion *m, struct profiles *known)
{
    for (int n = 0; !s->loading && n < m->parts; n++)
        collect(known, &m->part[n]);
    known->count = store_count(s, known->count, 0, MOTION_PARTS);
    for (int k = 0; k < known->count; k++) {
        if (s->loading) {
            struct profile *p = calloc(1, sizeof *p);
            if (!p)
                abort();
            m->profile[m->profiles++] = p;
            known->item[k] = p;
            store_profile(s, p);
        } else if (known->item[k]) {
            struct profile copy = *known->item[k];
            store_profile(s, &copy);
        }
    }
}

static void store_drive(struct store *s, struct load_drive *d,
                        const struct profiles *known)
{
    double *const number[] = { &d->start_s, &d->ramp_s, &d->hold_s, &d->time_constant_s,
                               &d->rise_s,  &d->set_s,  &d->day_s,  &d->clock_s };
    int index =
        store_count(s, find_profile(known, d->profile), NOTHING, known->count - 1);

    STORE_ENUM(s, d->kind, LOAD_DRIVE_PROFILE);
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        store_reals(s, number[k], 1, 0, SECONDS_MAX);
    d->profile = index < 0 ? NULL : known->item[index];
    d->phase = store_count(s, d->phase, 0, WAVEFORM_PHASES - 1);
    store_flag(s, &d->im);
    if (d->kind == LOAD_DRIVE_PROFILE && !d->profile)
        s->failed = true;
}

static void store_part(struct store *s, struct load_part *p,
                       const struct profiles *known)
{
    STORE_ENUM(s, p->law, LOAD_LAW_P);
    store_flag(s, &p->linear);
    STORE_ENUM(s, p->connection, WAVEFORM_CONNECT_AB);
    STORE_REAL(s, p->floor, STORE_SIZE_MAX);
    STORE_REALS(s, p->volts, STORE_SIZE_MAX);
    store_phasors(s, p->current);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        store_shape(s, &p->shape[k]);
        store_drive(s, &p->drive[k], known);
    }
}

static void store_parts(struct store *s, struct motion *m)
{
    struct profiles known = { .count = 0 };
    int parts = store_count(s, m->parts, 0, MOTION_PARTS);

    store_profiles(s, m, &known);
    if (s->loading) {
        motion_reserve_parts(m, parts);
        for (; m->parts < parts; m->parts++)
            m->part[m->parts] = (struct load_part){ .law = LOAD_LAW_Z };
    }
    for (int n = 0; n < parts; n++)
        store_part(s, &m->part[n], &known);
    store_part(s, &m->plain, &known);
}

/* Part n: those that were added, then the plain load's. */
static const struct load_part *store_part_of(struct store *s, const struct motion *m,
                                             const struct load_part *p)
{
    int index = NOTHING;

    if (p && !s->loading)
        index = p == &m->plain ? m->parts : (int)(p - m->part);
    index = store_count(s, index, NOTHING, m->parts);
    return index < 0 ? NULL : index == m->parts ? &m->plain : &m->part[index];
}

static void store_layer(struct store *s, const struct motion *m, struct motion_layer *l)
{
    int event = l->transient && !s->loading ? (int)(l->transient - m->event) : NOTHING;

    l->source = store_count(s, l->source, NOTHING, WAVEFORM_PHASES - 1);
    l->branch = store_count(s, l->branch, 0, WAVEFORM_PHASES - 1);
    l->drive = store_part_of(s, m, l->drive);
    l->law = store_part_of(s, m, l->law);
    store_phasors(s, l->volts);
    l->twin = store_count(s, l->twin, NOTHING, (int)(l - m->layer) - 1);
    store_flag(s, &l->law_stands);
    STORE_REAL(s, l->law_value, STORE_SIZE_MAX);
    event = store_count(s, event, NOTHING, m->events - 1);
    l->transient = event < 0 ? NULL : &m->event[event];
}

static void store_layers(struct store *s, struct motion *m, bool moves)
{
    int layers = store_count(s, moves ? m->layers : 0, 0, m->layer_room);
    int lines = store_count(s, moves ? m->lines : 0, 0, m->capacity);
    int orders = store_count(s, moves ? m->orders : 0, 0, lines);

    for (int n = 0; n < layers; n++)
        store_layer(s, m, &m->layer[n]);
    if (orders > 0)
        store_reals(s, m->order, (size_t)orders, 0, STORE_SIZE_MAX);
    for (int k = 0; k < lines; k++) {
        struct motion_line *l = &m->line[k];
        l->layer = store_count(s, l->layer, 0, layers - 1);
        l->order = store_count(s, l->order, 0, orders - 1);
        waveform_store_line(s, &l->line);
        waveform_store_line(s, &l->seen);
    }
    for (int row = 0; layers > 0 && row <= WAVEFORM_PHASES; row++)
        store_reals(s, m->power[row][0].p,
                    (size_t)(1 + layers) * sizeof *m->power[row] / sizeof(double),
                    -POWER_MAX, POWER_MAX);
    if (!s->loading || s->failed)
        return;
    m->layers = layers;
    m->lines = lines;
    m->orders = orders;
}

/* Capacities are restored, so that time goes on without allocating. */
static void store_capacities(struct store *s, struct motion *m)
{
    int lines = store_count(s, m->capacity, 0, LINES_MAX);
    int layers = store_count(s, m->layer_room, 0, MOTION_LAYERS);
    int orders = store_count(s, m->basis.capacity, 0, MOTION_ORDERS);

    if (s->loading) {
        motion_reserve_lines(m, lines);
        motion_reserve_layers(m, layers);
        motion_reserve_basis(m, orders);
    }
}

void motion_store(struct motion *m, bool moves, struct store *s)
{
    waveform_store_disturbance(s, &m->disturbance);
    STORE_REALS(s, m->lost_s, SECONDS_MAX);
    m->events = store_count(s, m->events, 0, MOTION_EVENTS);
    for (int n = 0; n < m->events; n++)
        store_event(s, &m->event[n]);
    store_hz(s, &m->hz);
    store_parts(s, m);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        store_shape(s, &m->source[k]);
    store_capacities(s, m);
    store_flag(s, &m->rotates);
    store_layers(s, m, moves);
}
