/* The world in motion as bytes. What points to something else is kept as an index:
 * layers to parts and events, drives to profiles, whose points come along, because the
 * file they were read from may not be there any more. */
#include "waveform/envelope.h"
#include <stdlib.h>

enum { LINES_MOST = 65535, NOTHING = -1 };

static void store_phasors(struct store *s, struct phasor x[WAVEFORM_PHASES])
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        STORE(s, x[k].re);
        STORE(s, x[k].im);
    }
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
        STORE(s, *number[k]);
    STORE(s, e->start_s);
    STORE(s, e->end_s);
    STORE(s, e->crest);
    store_flag(s, &e->started);
}

static void store_hz(struct store *s, struct event_hz *hz)
{
    STORE(s, hz->slope);
    STORE(s, hz->to_hz);
    STORE(s, hz->end_s);
    store_flag(s, &hz->walks);
    STORE(s, hz->next_s);
    STORE(s, hz->stop_s);
    STORE(s, hz->centre_hz);
    STORE(s, hz->sigma_hz);
    STORE(s, hz->limit_hz);
    STORE(s, hz->random);
}

static void store_shape(struct store *s, struct shape *shape)
{
    int capacity = store_count(s, shape->capacity, 0, LINES_MOST);
    int count = store_count(s, shape->count, 0, capacity);

    envelope_reserve_source(shape, capacity);
    shape->count = count;
    for (int k = 0; k < count; k++)
        STORE(s, shape->line[k]);
}

/* Profiles by the places at which drives look for them. */
struct profiles {
    const struct profile *item[ENVELOPE_PARTS];
    int count;
};

static int find_profile(const struct profiles *known, const struct profile *p)
{
    for (int k = 0; k < known->count; k++)
        if (known->item[k] == p)
            return k;
    return NOTHING;
}

static void collect(struct profiles *known, const struct loads_part *p)
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
    store_bytes(s, p->point, (size_t)p->count * sizeof *p->point);
}

static void store_profiles(struct store *s, struct envelope *e, struct profiles *known)
{
    for (int n = 0; !s->loading && n < e->parts; n++)
        collect(known, &e->part[n]);
    known->count = store_count(s, known->count, 0, ENVELOPE_PARTS);
    for (int k = 0; k < known->count; k++) {
        if (s->loading) {
            struct profile *p = calloc(1, sizeof *p);
            if (!p)
                abort();
            e->profile[e->profiles++] = p;
            known->item[k] = p;
            store_profile(s, p);
        } else {
            struct profile copy = *known->item[k];
            store_profile(s, &copy);
        }
    }
}

static void store_drive(struct store *s, struct loads_drive *d,
                        const struct profiles *known)
{
    double *const number[] = { &d->start_s, &d->ramp_s, &d->hold_s, &d->time_constant_s,
                               &d->rise_s,  &d->set_s,  &d->day_s,  &d->clock_s };
    int index =
        store_count(s, find_profile(known, d->profile), NOTHING, known->count - 1);

    STORE_ENUM(s, d->kind, LOADS_DRIVE_PROFILE);
    for (size_t k = 0; k < sizeof number / sizeof *number; k++)
        STORE(s, *number[k]);
    d->profile = index < 0 ? NULL : known->item[index];
    d->phase = store_count(s, d->phase, 0, WAVEFORM_PHASES - 1);
    store_flag(s, &d->im);
    if (d->kind == LOADS_DRIVE_PROFILE && !d->profile)
        s->failed = true;
}

static void store_part(struct store *s, struct loads_part *p,
                       const struct profiles *known)
{
    STORE_ENUM(s, p->law, LOADS_LAW_P);
    store_flag(s, &p->linear);
    STORE_ENUM(s, p->connection, WAVEFORM_CONNECT_AB);
    STORE(s, p->floor);
    STORE(s, p->volts);
    store_phasors(s, p->current);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        store_shape(s, &p->shape[k]);
        store_drive(s, &p->drive[k], known);
    }
}

static void store_parts(struct store *s, struct envelope *e)
{
    struct profiles known = { .count = 0 };
    int parts = store_count(s, e->parts, 0, ENVELOPE_PARTS);

    store_profiles(s, e, &known);
    if (s->loading) {
        envelope_reserve_parts(e, parts);
        for (; e->parts < parts; e->parts++)
            e->part[e->parts] = (struct loads_part){ .law = LOADS_LAW_Z };
    }
    for (int n = 0; n < parts; n++)
        store_part(s, &e->part[n], &known);
    store_part(s, &e->plain, &known);
}

/* Part n: those that were added, then the plain load's. */
static const struct loads_part *store_part_of(struct store *s, const struct envelope *e,
                                              const struct loads_part *p)
{
    int index = NOTHING;

    if (p && !s->loading)
        index = p == &e->plain ? e->parts : (int)(p - e->part);
    index = store_count(s, index, NOTHING, e->parts);
    return index < 0 ? NULL : index == e->parts ? &e->plain : &e->part[index];
}

static void store_layer(struct store *s, const struct envelope *e,
                        struct envelope_layer *l)
{
    int event = l->transient && !s->loading ? (int)(l->transient - e->event) : NOTHING;

    l->source = store_count(s, l->source, NOTHING, WAVEFORM_PHASES - 1);
    l->branch = store_count(s, l->branch, 0, WAVEFORM_PHASES - 1);
    l->drive = store_part_of(s, e, l->drive);
    l->law = store_part_of(s, e, l->law);
    store_phasors(s, l->volts);
    l->twin = store_count(s, l->twin, NOTHING, (int)(l - e->layer) - 1);
    store_flag(s, &l->law_stands);
    STORE(s, l->law_value);
    event = store_count(s, event, NOTHING, e->events - 1);
    l->transient = event < 0 ? NULL : &e->event[event];
}

static void store_layers(struct store *s, struct envelope *e, bool moves)
{
    int layers = store_count(s, moves ? e->layers : 0, 0, e->layer_room);
    int lines = store_count(s, moves ? e->lines : 0, 0, e->capacity);
    int orders = store_count(s, moves ? e->orders : 0, 0, lines);

    for (int n = 0; n < layers; n++)
        store_layer(s, e, &e->layer[n]);
    for (int k = 0; k < orders; k++)
        STORE(s, e->order[k]);
    for (int k = 0; k < lines; k++) {
        struct envelope_line *l = &e->line[k];
        l->layer = store_count(s, l->layer, 0, layers - 1);
        l->order = store_count(s, l->order, 0, orders - 1);
        STORE(s, l->line);
        STORE(s, l->seen);
    }
    for (int row = 0; layers > 0 && row <= WAVEFORM_PHASES; row++)
        store_bytes(s, e->power[row], (size_t)(1 + layers) * sizeof *e->power[row]);
    if (!s->loading || s->failed)
        return;
    e->layers = layers;
    e->lines = lines;
    e->orders = orders;
}

/* Rooms come back as they were: time goes on without allocating. */
static void store_rooms(struct store *s, struct envelope *e)
{
    int lines = store_count(s, e->capacity, 0, LINES_MOST);
    int layers = store_count(s, e->layer_room, 0, ENVELOPE_LAYERS);
    int orders = store_count(s, e->basis.capacity, 0, ENVELOPE_ORDERS);

    if (s->loading) {
        envelope_reserve_lines(e, lines);
        envelope_reserve_layers(e, layers);
        envelope_reserve_basis(e, orders);
    }
}

void envelope_store(struct envelope *e, bool moves, struct store *s)
{
    waveform_store_trouble(s, &e->trouble);
    e->events = store_count(s, e->events, 0, ENVELOPE_EVENTS);
    for (int n = 0; n < e->events; n++)
        store_event(s, &e->event[n]);
    store_hz(s, &e->hz);
    store_parts(s, e);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        store_shape(s, &e->source[k]);
    store_rooms(s, e);
    store_flag(s, &e->turns);
    store_layers(s, e, moves);
}
