/* Layers of a piece, and their samples. See motion.h. Where a node floats, every load
 * is the impedance that it is at nominal voltage (Millman needs one), of the size that
 * it has where the piece begins. */
#include "waveform/motion.h"
#include "waveform/base/constants.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FLICKER_HZ_MAX = 1000 };

struct motion *motion_new(void)
{
    struct motion *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    return m;
}

void motion_free(struct motion *m)
{
    if (!m)
        return;
    motion_clear_loads(m);
    load_part_free(&m->plain);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        free(m->source[k].line);
    free(m->part);
    free(m->layer);
    free(m->power[0]);
    free(m->line);
    free(m->order);
    basis_free(&m->basis);
    free(m);
}

bool motion_idle(const struct motion *m)
{
    static const struct waveform_disturbance none;
    const struct waveform_disturbance *t = &m->disturbance;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (t->loss[k] != none.loss[k])
            return false;
    return m->events == 0 && m->parts == 0 && !t->neutral_open &&
           t->flicker_percent == 0 && t->notch_percent == 0 && m->hz.slope == 0 &&
           !m->hz.walks;
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

static int shape_lines(const struct load_part *p)
{
    return p->shape[0].count + p->shape[1].count + p->shape[2].count;
}

void motion_reserve_layers(struct motion *m, int layers)
{
    if (layers <= m->layer_room)
        return;
    m->layer_room = layers;
    m->layers = m->lines = 0;
    m->layer = renew(m->layer, layers, sizeof *m->layer);
    m->power[0] =
        renew(m->power[0], (1 + WAVEFORM_PHASES) * (1 + layers), sizeof *m->power[0]);
    for (int k = 1; k <= WAVEFORM_PHASES; k++)
        m->power[k] = m->power[k - 1] + 1 + layers;
}

void motion_reserve_lines(struct motion *m, int lines)
{
    if (lines <= m->capacity)
        return;
    m->capacity = lines;
    m->line = renew(m->line, lines, sizeof *m->line);
    m->order = renew(m->order, 3 * lines, sizeof *m->order);
    m->sine = m->order + lines;
    m->cosine = m->sine + lines;
    m->lines = m->orders = 0;
}

void motion_reserve_basis(struct motion *m, int orders)
{
    basis_reserve(&m->basis, orders);
}

void motion_reserve_source(struct shape *source, int lines)
{
    if (lines <= source->capacity)
        return;
    source->line = renew(source->line, lines, sizeof *source->line);
    source->capacity = lines;
}

/* Adds the orders of a shape that are not yet among the `count` collected ones; returns
 * their new count. */
static int collect_orders(const struct shape *s, double orders[MOTION_ORDERS],
                          int count)
{
    for (int k = 0; k < s->count && count < MOTION_ORDERS; k++) {
        int n = 0;
        while (n < count && orders[n] != s->line[k].order)
            n++;
        orders[n] = s->line[k].order;
        count += n == count;
    }
    return count;
}

/* Orders that there may be: of sources, whose phases share the fundamental, of
 * transients, and of the loads. */
static int count_orders(const struct motion *m, int sources)
{
    double orders[MOTION_ORDERS];
    int loads = 0;
    for (int n = 0; n < m->parts; n++)
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            loads = collect_orders(&m->part[n].shape[k], orders, loads);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        loads = collect_orders(&m->plain.shape[k], orders, loads);
    int count = 1 + WAVEFORM_PHASES * (sources - 1) + m->events + loads;
    return count < MOTION_ORDERS ? count : MOTION_ORDERS;
}

/* Lines and layers that there may be: of sources, branches of the loads, events, and the
 * load of waveform_set_load. */
struct motion_room {
    int sources, lines, moving, layers, orders;
};

static struct motion_room room_for(const struct motion *m,
                                   const struct waveform_grid *grid)
{
    const int sources = grid_source_count(grid, &m->disturbance);
    int lines = WAVEFORM_PHASES * sources + 2 * m->events * WAVEFORM_PHASES +
                shape_lines(&m->plain) + 1;
    int linear = 1;
    for (int k = 0; k < m->parts; k++) {
        lines += shape_lines(&m->part[k]);
        linear += m->part[k].linear;
    }
    return (struct motion_room){ .sources = sources,
                                 .lines = lines,
                                 .moving = lines + linear * WAVEFORM_PHASES * sources,
                                 .layers = WAVEFORM_PHASES * (m->parts + 2) + m->events,
                                 .orders = count_orders(m, sources) };
}

bool motion_has_room(const struct motion *m, const struct waveform_grid *grid,
                     const struct lines *plain, const struct lines *seen)
{
    const struct motion_room r = room_for(m, grid);
    bool room = m->capacity >= r.moving && m->layer_room >= r.layers &&
                m->basis.capacity >= r.orders && plain->capacity >= r.lines &&
                seen->capacity >= r.lines;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        room = room && m->source[k].capacity >= r.sources;
    return room;
}

int motion_reserve(struct motion *m, const struct waveform_grid *grid,
                   struct lines *plain, struct lines *seen)
{
    const struct motion_room r = room_for(m, grid);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        motion_reserve_source(&m->source[k], r.sources);
    motion_reserve_lines(m, r.moving);
    motion_reserve_layers(m, r.layers);
    motion_reserve_basis(m, r.orders);
    lines_reserve(plain, r.lines);
    lines_reserve(seen, r.lines);
    return r.lines;
}

static bool within(double x, double min, double max)
{
    return x >= min && x <= max;
}

static bool disturbance_valid(const struct waveform_disturbance *t)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (!within(t->motor_share[k], -0.5, 1) || !within(t->flicker_less[k], 0, 1) ||
            !within(t->notch_less[k], 0, 1) ||
            (unsigned)t->loss[k] > WAVEFORM_LOSS_MOTOR)
            return false;
    return within(t->motor_slows_s, 0, 1e6) &&
           within(t->notch_orders, 0, SHAPE_ORDERS) &&
           within(t->notch_percent, 0, 100) && within(t->notch_width_degrees, 0, 60) &&
           within(t->notch_delay_degrees, -180, 180) &&
           within(t->flicker_percent, 0, 200) &&
           (t->flicker_percent == 0 ||
            (t->flicker_hz > 0 && t->flicker_hz <= FLICKER_HZ_MAX));
}

int motion_set_disturbance(struct motion *m, const struct waveform_disturbance *t,
                           double now_s)
{
    if (!disturbance_valid(t))
        return -1;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (t->loss[k] != m->disturbance.loss[k])
            m->lost_s[k] = now_s;
    m->disturbance = *t;
    return 0;
}

void motion_note_losses(struct motion *m, const bool old[WAVEFORM_PHASES],
                        const bool new[WAVEFORM_PHASES], double now_s)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (new[k] && !old[k])
            m->lost_s[k] = now_s;
}

/* Whether a motor still slows at time t: after 16 time constants 10^-7 is left. */
static bool motor_slows(const struct motion *m, int k, double t)
{
    const struct waveform_disturbance *d = &m->disturbance;
    return d->loss[k] == WAVEFORM_LOSS_MOTOR && d->motor_slows_s > 0 &&
           t - m->lost_s[k] < 16 * d->motor_slows_s;
}

struct neutral_state motion_nodes(const struct motion *m,
                                  const struct motion_place *place)
{
    const struct waveform_disturbance *d = &m->disturbance;
    struct neutral_state s = neutral_state_of(place->grid, d, place->wiring);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (s.lost[k] && d->loss[k] == WAVEFORM_LOSS_MOTOR)
            s.backfed[k] = -neutral_motor_share(d->motor_share[k], d->motor_slows_s,
                                                place->clock.seconds - m->lost_s[k]);
    return s;
}

void motion_reserve_parts(struct motion *m, int count)
{
    if (count <= m->part_room)
        return;
    m->part = realloc(m->part, (size_t)count * sizeof *m->part);
    if (!m->part)
        abort();
    m->part_room = count;
}

/* Layers point to parts; both are made anew before time goes on. */
int motion_add_load(struct motion *m, const struct waveform_load_spec *spec,
                    const struct waveform_grid *grid, double now_s)
{
    struct load_part part[LOAD_PARTS];
    int count = load_part_make(spec, grid, now_s, part);
    bool room = m->parts + count <= MOTION_PARTS;
    if (room)
        motion_reserve_parts(m, m->parts + count);
    for (int k = 0; k < count; k++) {
        if (room)
            m->part[m->parts++] = part[k];
        else
            load_part_free(&part[k]);
    }
    return count > 0 && room ? 0 : -1;
}

void motion_clear_loads(struct motion *m)
{
    while (m->parts > 0)
        load_part_free(&m->part[--m->parts]);
    while (m->profiles > 0)
        profile_free(m->profile[--m->profiles]);
}

double motion_pass(struct motion *m, double t, double *hz)
{
    double turns = event_hz_pass(&m->hz, t, hz);
    int kept = 0;
    for (int n = 0; n < m->events; n++) {
        struct event *event = &m->event[n];
        if (event_is_frequency(event) && event_reached(t, event->start_s)) {
            turns += event_hz_start(&m->hz, event, t, hz);
            turns += event_hz_pass(&m->hz, t, hz);
        } else if (!event_reached(t, event->end_s)) {
            m->event[kept++] = *event;
        }
    }
    m->events = kept;
    return turns;
}

double motion_factor(const struct motion *m, int k, double t)
{
    double factor = 1;
    for (int n = 0; n < m->events; n++)
        factor *= event_factor(&m->event[n], k, t);
    return factor;
}

/* The voltage across the branch, by the sources' factors, over its nominal. */
static double branch_volts(const struct motion_layer *layer, const double factor[3])
{
    struct phasor sum = { 0, 0 };
    for (int j = 0; j < WAVEFORM_PHASES; j++) {
        sum.re += factor[j] * layer->volts[j].re;
        sum.im += factor[j] * layer->volts[j].im;
    }
    double nominal = layer->law->volts[layer->branch];
    return nominal > 0 ? sqrt(phasor_square(sum)) / nominal : 1;
}

double motion_law_value(const struct motion_layer *layer, const double factor[3])
{
    return load_part_law(layer->law, branch_volts(layer, factor));
}

double motion_driven_value(const struct motion_layer *layer, const double factor[3],
                           double drive, double t)
{
    double g = drive;
    if (layer->source >= 0)
        g *= factor[layer->source];
    if (layer->law)
        g *= layer->law_stands ? layer->law_value : motion_law_value(layer, factor);
    if (layer->transient)
        g *= load_drive_decay((t - layer->transient->start_s) /
                              layer->transient->what.time_constant_s);
    return g;
}

static double drive_of(const struct motion_layer *layer, double t)
{
    return layer->drive ? load_drive_value(&layer->drive->drive[layer->branch], t) : 1;
}

double motion_layer_value(const struct motion_layer *layer, const double factor[3],
                          double t)
{
    return motion_driven_value(layer, factor, drive_of(layer, t), t);
}

void motion_values(const struct motion *m, double t, double g[MOTION_LAYERS])
{
    double factor[WAVEFORM_PHASES], drive[MOTION_LAYERS];
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        factor[k] = motion_factor(m, k, t);
    for (int n = 0; n < m->layers; n++) {
        const struct motion_layer *layer = &m->layer[n];
        drive[n] = layer->twin >= 0 ? drive[layer->twin] : drive_of(layer, t);
        g[n] = motion_driven_value(layer, factor, drive[n], t);
    }
}

static double part_next(const struct load_part *p, double t)
{
    double next = INFINITY;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        next = fmin(next, load_drive_next(&p->drive[k], t));
    return next;
}

double motion_next(const struct motion *m, double t)
{
    double next = event_hz_next(&m->hz, t);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (motor_slows(m, k, t))
            next = fmin(next, t + EVENT_TICK); /* each sample has its own lines */
    for (int n = 0; n < m->events; n++)
        next = fmin(next, event_next(&m->event[n], t));
    for (int n = 0; n < m->parts; n++)
        next = fmin(next, part_next(&m->part[n], t));
    return next;
}

static void add_line_sample(const struct waveform_line *line, double g, double sine,
                            double cosine, double x[WAVEFORM_CHANNELS])
{
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        x[ch] += g * (line->re[ch] * sine + line->im[ch] * cosine);
}

static void order_sin_cos(double order, struct turn phase, double *sine, double *cosine)
{
    *sine = 1;
    *cosine = 0;
    if (order == 0)
        return;
    turn_sin_cos(turn_multiply(phase, order), sine, cosine);
    *sine *= SQRT2;
    *cosine *= SQRT2;
}

void motion_add_sample(struct motion *m, double t, struct turn phase,
                       double x[WAVEFORM_CHANNELS])
{
    double g[MOTION_LAYERS];
    motion_values(m, t, g);
    for (int k = 0; k < m->orders; k++)
        order_sin_cos(m->order[k], phase, &m->sine[k], &m->cosine[k]);
    for (int k = 0; k < m->lines; k++) {
        const struct motion_line *l = &m->line[k];
        add_line_sample(&l->seen, g[l->layer], m->sine[l->order], m->cosine[l->order],
                        x);
    }
}

bool motion_has_blocks(const struct motion *m)
{
    return m->layers > 0 && m->hz.slope == 0 && !m->rotates &&
           m->orders <= m->basis.capacity;
}

void motion_set_basis(struct motion *m, struct turn half)
{
    basis_set(&m->basis, m->order, m->orders, half);
}

void motion_sample_lines(const struct lines *lines, struct turn phase,
                         double x[WAVEFORM_CHANNELS])
{
    for (int k = 0; k < lines->count; k++) {
        double sine, cosine;
        order_sin_cos(lines->item[k].order, phase, &sine, &cosine);
        add_line_sample(&lines->item[k], 1, sine, cosine, x);
    }
}

void motion_present_lines(const struct motion *m, double t, const struct lines *plain,
                          struct lines *now)
{
    double g[MOTION_LAYERS];
    motion_values(m, t, g);
    for (int k = 0; k < plain->count; k++)
        lines_add(now, &plain->item[k]);
    for (int k = 0; k < m->lines; k++) {
        struct waveform_line line = m->line[k].line;
        if (m->layer[m->line[k].layer].transient)
            continue;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
            line.re[ch] *= g[m->line[k].layer];
            line.im[ch] *= g[m->line[k].layer];
        }
        lines_add(now, &line);
    }
}
