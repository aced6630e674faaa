/* Layers of a piece, and their samples. See envelope.h. Where a node floats, every load
 * is the impedance that it is at nominal voltage (Millman needs one), of the size that
 * it has where the piece begins. */
#include "waveform/envelope.h"
#include "waveform/multiversion.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SQRT2 1.41421356237309504880

struct envelope *envelope_new(void)
{
    struct envelope *e = calloc(1, sizeof *e);
    if (!e)
        abort();
    return e;
}

void envelope_free(struct envelope *e)
{
    if (!e)
        return;
    envelope_clear_loads(e);
    loads_part_free(&e->plain);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        free(e->source[k].line);
    free(e->part);
    free(e->layer);
    free(e->power[0]);
    free(e->line);
    free(e->order);
    basis_free(&e->basis);
    free(e);
}

bool envelope_idle(const struct envelope *e)
{
    static const struct waveform_trouble none;
    const struct waveform_trouble *t = &e->trouble;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (t->loss[k] != none.loss[k])
            return false;
    return e->events == 0 && e->parts == 0 && !t->neutral_open &&
           t->flicker_percent == 0 && t->notch_percent == 0 && e->hz.slope == 0 &&
           !e->hz.walks;
}

/* Room for n elements and more; what was there is made anew by the next build. */
static void *renew(void *old, int n, size_t size)
{
    free(old);
    void *memory = calloc((size_t)n, size);
    if (!memory)
        abort();
    return memory;
}

static int shape_lines(const struct loads_part *p)
{
    return p->shape[0].count + p->shape[1].count + p->shape[2].count;
}

void envelope_reserve_layers(struct envelope *e, int layers)
{
    if (layers <= e->layer_room)
        return;
    e->layer_room = layers;
    e->layers = e->lines = 0;
    e->layer = renew(e->layer, layers, sizeof *e->layer);
    e->power[0] =
        renew(e->power[0], (1 + WAVEFORM_PHASES) * (1 + layers), sizeof *e->power[0]);
    for (int k = 1; k <= WAVEFORM_PHASES; k++)
        e->power[k] = e->power[k - 1] + 1 + layers;
}

void envelope_reserve_lines(struct envelope *e, int lines)
{
    if (lines <= e->capacity)
        return;
    e->capacity = lines;
    e->line = renew(e->line, lines, sizeof *e->line);
    e->order = renew(e->order, 3 * lines, sizeof *e->order);
    e->sine = e->order + lines;
    e->cosine = e->sine + lines;
    e->lines = e->orders = 0;
}

void envelope_reserve_basis(struct envelope *e, int orders)
{
    basis_reserve(&e->basis, orders);
}

void envelope_reserve_source(struct shape *source, int lines)
{
    if (lines <= source->capacity)
        return;
    source->line = renew(source->line, lines, sizeof *source->line);
    source->capacity = lines;
}

/* Notes the orders of a shape that are not among the `count` noted; how many then. */
static int note_orders(const struct shape *s, double noted[ENVELOPE_ORDERS], int count)
{
    for (int k = 0; k < s->count && count < ENVELOPE_ORDERS; k++) {
        int n = 0;
        while (n < count && noted[n] != s->line[k].order)
            n++;
        noted[n] = s->line[k].order;
        count += n == count;
    }
    return count;
}

/* Orders that there may be: of sources, whose phases share the fundamental, of
 * transients, and of the loads. */
static int count_orders(const struct envelope *e, int sources)
{
    double noted[ENVELOPE_ORDERS];
    int loads = 0;
    for (int n = 0; n < e->parts; n++)
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            loads = note_orders(&e->part[n].shape[k], noted, loads);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        loads = note_orders(&e->plain.shape[k], noted, loads);
    int most = 1 + WAVEFORM_PHASES * (sources - 1) + e->events + loads;
    return most < ENVELOPE_ORDERS ? most : ENVELOPE_ORDERS;
}

/* Layers that there may be: sources, branches of the loads, events, and the load of
 * waveform_set_load. */
int envelope_reserve(struct envelope *e, const struct waveform_grid *grid,
                     struct lines *plain, struct lines *seen)
{
    int sources = grid_source_count(grid, &e->trouble);
    int lines = WAVEFORM_PHASES * sources + 2 * e->events * WAVEFORM_PHASES +
                shape_lines(&e->plain) + 1;
    int linear = 1;
    for (int k = 0; k < e->parts; k++) {
        lines += shape_lines(&e->part[k]);
        linear += e->part[k].linear;
    }
    int moving = lines + linear * WAVEFORM_PHASES * sources;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        envelope_reserve_source(&e->source[k], sources);
    envelope_reserve_lines(e, moving);
    envelope_reserve_layers(e, WAVEFORM_PHASES * (e->parts + 2) + e->events);
    envelope_reserve_basis(e, count_orders(e, sources));
    lines_reserve(plain, lines);
    lines_reserve(seen, lines);
    return lines;
}

int envelope_set_trouble(struct envelope *e, const struct waveform_trouble *t)
{
    bool good =
        t->notch_orders >= 0 && t->notch_orders <= SHAPE_ORDERS &&
        t->notch_percent >= 0 && t->notch_percent <= 100 &&
        t->notch_width_degrees >= 0 && t->notch_width_degrees <= 60 &&
        fabs(t->notch_delay_degrees) <= 180 && t->flicker_percent >= 0 &&
        t->flicker_percent <= 200 &&
        (t->flicker_percent == 0 || (t->flicker_hz > 0 && t->flicker_hz <= 1000));
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        good = good && fabs(t->backfed[k]) <= 10 &&
               (unsigned)t->loss[k] <= WAVEFORM_LOSS_BACKFED;
    if (good)
        e->trouble = *t;
    return good ? 0 : -1;
}

void envelope_reserve_parts(struct envelope *e, int count)
{
    if (count <= e->part_room)
        return;
    e->part = realloc(e->part, (size_t)count * sizeof *e->part);
    if (!e->part)
        abort();
    e->part_room = count;
}

/* Layers point to parts; both are made anew before time goes on. */
int envelope_add_load(struct envelope *e, const struct waveform_spec *spec,
                      const struct waveform_grid *grid, double now_s)
{
    struct loads_part part[LOADS_PARTS];
    int count = loads_part_make(spec, grid, now_s, part);
    bool room = e->parts + count <= ENVELOPE_PARTS;
    if (room)
        envelope_reserve_parts(e, e->parts + count);
    for (int k = 0; k < count; k++) {
        if (room)
            e->part[e->parts++] = part[k];
        else
            loads_part_free(&part[k]);
    }
    return count > 0 && room ? 0 : -1;
}

void envelope_clear_loads(struct envelope *e)
{
    while (e->parts > 0)
        loads_part_free(&e->part[--e->parts]);
    while (e->profiles > 0)
        profile_free(e->profile[--e->profiles]);
}

double envelope_pass(struct envelope *e, double t, double *hz)
{
    double turns = event_hz_pass(&e->hz, t, hz);
    int kept = 0;
    for (int n = 0; n < e->events; n++) {
        struct event *event = &e->event[n];
        if (event_is_frequency(event) && event_reached(t, event->start_s)) {
            turns += event_hz_start(&e->hz, event, t, hz);
            turns += event_hz_pass(&e->hz, t, hz);
        } else if (!event_reached(t, event->end_s)) {
            e->event[kept++] = *event;
        }
    }
    e->events = kept;
    return turns;
}

double envelope_factor(const struct envelope *e, int k, double t)
{
    double factor = 1;
    for (int n = 0; n < e->events; n++)
        factor *= event_factor(&e->event[n], k, t);
    return factor;
}

/* The voltage across the branch, by the sources' factors, over its nominal. */
static double branch_volts(const struct envelope_layer *layer, const double factor[3])
{
    struct phasor sum = { 0, 0 };
    for (int j = 0; j < WAVEFORM_PHASES; j++) {
        sum.re += factor[j] * layer->volts[j].re;
        sum.im += factor[j] * layer->volts[j].im;
    }
    double nominal = layer->law->volts[layer->branch];
    return nominal > 0 ? sqrt(phasor_square(sum)) / nominal : 1;
}

double envelope_law_value(const struct envelope_layer *layer, const double factor[3])
{
    return loads_part_law(layer->law, branch_volts(layer, factor));
}

static double layer_value(const struct envelope_layer *layer, const double factor[3],
                          double drive, double t)
{
    double g = drive;
    if (layer->source >= 0)
        g *= factor[layer->source];
    if (layer->law)
        g *= layer->law_stands ? layer->law_value : envelope_law_value(layer, factor);
    if (layer->transient)
        g *= loads_drive_decay((t - layer->transient->start_s) /
                               layer->transient->what.time_constant_s);
    return g;
}

static double drive_of(const struct envelope_layer *layer, double t)
{
    return layer->drive ? loads_drive_value(&layer->drive->drive[layer->branch], t) : 1;
}

double envelope_layer_value(const struct envelope_layer *layer, const double factor[3],
                            double t)
{
    return layer_value(layer, factor, drive_of(layer, t), t);
}

void envelope_values(const struct envelope *e, double t, double g[ENVELOPE_LAYERS])
{
    double factor[WAVEFORM_PHASES], drive[ENVELOPE_LAYERS];
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        factor[k] = envelope_factor(e, k, t);
    for (int n = 0; n < e->layers; n++) {
        const struct envelope_layer *layer = &e->layer[n];
        drive[n] = layer->twin >= 0 ? drive[layer->twin] : drive_of(layer, t);
        g[n] = layer_value(layer, factor, drive[n], t);
    }
}

static double part_next(const struct loads_part *p, double t)
{
    double next = INFINITY;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        next = fmin(next, loads_drive_next(&p->drive[k], t));
    return next;
}

double envelope_next(const struct envelope *e, double t)
{
    double next = event_hz_next(&e->hz, t);
    for (int n = 0; n < e->events; n++)
        next = fmin(next, event_next(&e->event[n], t));
    for (int n = 0; n < e->parts; n++)
        next = fmin(next, part_next(&e->part[n], t));
    return next;
}

static void add_line_sample(const struct waveform_line *line, double g, double sine,
                            double cosine, double x[WAVEFORM_CHANNELS])
{
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        x[ch] += g * (line->re[ch] * sine + line->im[ch] * cosine);
}

static void take_order(double order, struct turn phase, double *sine, double *cosine)
{
    *sine = 1;
    *cosine = 0;
    if (order == 0)
        return;
    turn_sin_cos(turn_multiply(phase, order), sine, cosine);
    *sine *= SQRT2;
    *cosine *= SQRT2;
}

void envelope_add_sample(struct envelope *e, double t, struct turn phase,
                         double x[WAVEFORM_CHANNELS])
{
    double g[ENVELOPE_LAYERS];
    envelope_values(e, t, g);
    for (int k = 0; k < e->orders; k++)
        take_order(e->order[k], phase, &e->sine[k], &e->cosine[k]);
    for (int k = 0; k < e->lines; k++) {
        const struct envelope_line *l = &e->line[k];
        add_line_sample(&l->seen, g[l->layer], e->sine[l->order], e->cosine[l->order],
                        x);
    }
}

bool envelope_has_blocks(const struct envelope *e)
{
    return e->layers > 0 && e->hz.slope == 0 && !e->turns &&
           e->orders <= e->basis.capacity;
}

void envelope_set_basis(struct envelope *e, struct turn half)
{
    basis_set(&e->basis, e->order, e->orders, half);
}

/* One channel of a line: what it adds to n samples. */
MULTIVERSION
static void add_wave(const double *g, const double *sine, const double *cosine,
                     double re, double im, int n, double *x)
{
    for (int k = 0; k < n; k++)
        x[k] += g[k] * (re * sine[k] + im * cosine[k]);
}

void envelope_add_stretch(const struct envelope *e, const struct envelope_stretch *s,
                          double x[][WAVEFORM_BLOCK])
{
    double value[ENVELOPE_LAYERS], g[ENVELOPE_LAYERS][WAVEFORM_BLOCK];
    for (int k = 0; k < s->n; k++) {
        envelope_values(e, s->begin_s + (double)(s->sample + k) / s->rate, value);
        for (int n = 0; n < e->layers; n++)
            g[n][k] = value[n];
    }
    for (int k = 0; k < e->lines; k++) {
        const struct envelope_line *l = &e->line[k];
        const double *sine = basis_sine(&e->basis, l->order) + s->from;
        const double *cosine = basis_cosine(&e->basis, l->order) + s->from;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            if (l->seen.re[ch] != 0 || l->seen.im[ch] != 0)
                add_wave(g[l->layer], sine, cosine, l->seen.re[ch], l->seen.im[ch],
                         s->n, x[ch] + s->at);
    }
}

void envelope_sample_lines(const struct lines *lines, struct turn phase,
                           double x[WAVEFORM_CHANNELS])
{
    for (int k = 0; k < lines->count; k++) {
        double sine, cosine;
        take_order(lines->item[k].order, phase, &sine, &cosine);
        add_line_sample(&lines->item[k], 1, sine, cosine, x);
    }
}

void envelope_present_lines(const struct envelope *e, double t,
                            const struct lines *plain, struct lines *now)
{
    double g[ENVELOPE_LAYERS];
    envelope_values(e, t, g);
    for (int k = 0; k < plain->count; k++)
        lines_add(now, &plain->item[k]);
    for (int k = 0; k < e->lines; k++) {
        struct waveform_line line = e->line[k].line;
        if (e->layer[e->line[k].layer].transient)
            continue;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
            line.re[ch] *= g[e->line[k].layer];
            line.im[ch] *= g[e->line[k].layer];
        }
        lines_add(now, &line);
    }
}
