/* The layers of a piece, from grid, events and loads. See motion.h. Where a node
 * floats, every load is the impedance that it is at nominal voltage (Millman needs
 * one), of the size that it has where the piece begins. */
#include "waveform/base/constants.h"
#include "waveform/motion.h"
#include <assert.h>
#include <math.h>
#include <string.h>

static bool source_moves(const struct motion *m, int k, double t)
{
    for (int n = 0; n < m->events; n++)
        if (event_moves(&m->event[n], k, t))
            return true;
    return false;
}

static double source_jump(const struct motion *m, int k, double t)
{
    double degrees = 0;
    for (int n = 0; n < m->events; n++)
        degrees += event_jump(&m->event[n], k, t);
    return degrees;
}

/* The state of one build. */
struct builder {
    struct motion *motion;
    const struct motion_place *place;
    struct lines *lines;
    struct neutral_state nodes;
    bool floats, moves[WAVEFORM_PHASES];
    double t, factor[WAVEFORM_PHASES];
};

static bool law_moves(const struct builder *b, const struct motion_layer *layer)
{
    for (int j = 0; j < WAVEFORM_PHASES; j++)
        if (b->moves[j] && phasor_square(layer->volts[j]) > 0)
            return true;
    return false;
}

static bool layer_moves(const struct builder *b, const struct motion_layer *layer)
{
    if (layer->transient || (layer->source >= 0 && b->moves[layer->source]))
        return true;
    if (layer->drive && load_drive_moves(&layer->drive->drive[layer->branch], b->t))
        return true;
    return layer->law && law_moves(b, layer);
}

/* A voltage between conductors of which not all sag alike turns as they do. */
static bool branch_rotates(const struct builder *b, const struct motion_layer *layer)
{
    int sources = 0;
    bool uneven = false;
    for (int j = 0; j < WAVEFORM_PHASES; j++)
        sources += phasor_square(layer->volts[j]) > 0;
    for (int n = 0; n < b->motion->events; n++) {
        const struct event *event = &b->motion->event[n];
        bool all = event->what.phases == 0 || event->what.phases == 7;
        for (int k = 0; !all && k < WAVEFORM_PHASES; k++)
            uneven = uneven || event_moves(event, k, b->t);
    }
    return sources > 1 && uneven;
}

static int find_twin(const struct motion *m, const struct motion_layer *layer)
{
    for (int n = 0; layer->drive && n < m->layers; n++) {
        const struct motion_layer *other = &m->layer[n];
        if (other->drive && load_drive_same(&layer->drive->drive[layer->branch],
                                            &other->drive->drive[other->branch]))
            return n;
    }
    return -1;
}

/* The index of a new layer that moves, or -1 for one that stands still. */
static int open_layer(struct builder *b, const struct motion_layer *layer)
{
    if (!layer_moves(b, layer))
        return -1;
    assert(b->motion->layers < b->motion->layer_room);
    struct motion_layer *own = &b->motion->layer[b->motion->layers];
    *own = *layer;
    own->twin = find_twin(b->motion, layer);
    own->law_stands = layer->law && !law_moves(b, layer);
    own->law_value = own->law_stands ? motion_law_value(layer, b->factor) : 1;
    b->motion->rotates = b->motion->rotates || (layer->law && branch_rotates(b, layer));
    return b->motion->layers++;
}

static int find_order(struct motion *m, double order)
{
    for (int k = 0; k < m->orders; k++)
        if (m->order[k] == order)
            return k;
    m->order[m->orders] = order;
    return m->orders++;
}

static void add_moving(struct motion *m, int layer, const struct waveform_line *line)
{
    for (int k = m->lines - 1; k >= 0; k--) {
        struct waveform_line *sum = &m->line[k].line;
        if (m->line[k].layer != layer || sum->order != line->order)
            continue;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
            sum->re[ch] += line->re[ch];
            sum->im[ch] += line->im[ch];
        }
        return;
    }
    assert(m->lines < m->capacity);
    m->line[m->lines++] = (struct motion_line){ .layer = layer,
                                                .order = find_order(m, line->order),
                                                .line = *line };
}

/* A line of a layer that moves (index), or of one that stands still at `value`. */
static void emit(struct builder *b, int index, double value,
                 const struct waveform_line *line)
{
    struct waveform_line scaled = *line;
    if (index >= 0) {
        add_moving(b->motion, index, line);
        return;
    }
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
        scaled.re[ch] *= value;
        scaled.im[ch] *= value;
    }
    lines_add(b->lines, &scaled);
}

static void add_at(struct waveform_line *line, int channel, struct phasor x,
                   double sign)
{
    line->re[channel] += sign * x.re;
    line->im[channel] += sign * x.im;
}

/* Current i from the first node of the pair to the second. */
static void add_branch_current(struct waveform_line *line, int pair, struct phasor i)
{
    for (int end = 0; end < 2; end++) {
        int node = neutral_pair[pair][end];
        if (node != NEUTRAL_N)
            add_at(line, WAVEFORM_IA + node, i, end ? -1 : 1);
    }
}

/* The admittances of a part, without its drive. */
static void part_admittances(const struct builder *b, const struct load_part *p,
                             double order, bool driven, struct phasor y[NEUTRAL_PAIRS])
{
    struct phasor branch[WAVEFORM_PHASES];
    memset(y, 0, NEUTRAL_PAIRS * sizeof *y);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        double size = driven ? load_drive_value(&p->drive[k], b->t) : 1;
        branch[k] = load_part_admittance(p, k, order);
        branch[k].re *= size;
        branch[k].im *= size;
    }
    if (p->connection == WAVEFORM_CONNECT_STAR) {
        neutral_add_star(y, branch);
        return;
    }
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        struct phasor *to = &y[load_part_pair(p, k)];
        *to = phasor_add(*to, branch[k]);
    }
}

/* Part n, of those that were added and, at last, of waveform_set_load. */
static const struct load_part *part_at(const struct motion *m, int n)
{
    return n < m->parts ? &m->part[n] : &m->plain;
}

static bool as_impedance(const struct builder *b, const struct load_part *p)
{
    return p->linear || b->floats;
}

static void solve(const struct builder *b, double order,
                  struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES])
{
    struct phasor sum[NEUTRAL_PAIRS] = { { 0, 0 } }, y[NEUTRAL_PAIRS];
    for (int n = 0; b->floats && n <= b->motion->parts; n++) {
        part_admittances(b, part_at(b->motion, n), order, true, y);
        for (int k = 0; k < NEUTRAL_PAIRS; k++)
            sum[k] = phasor_add(sum[k], y[k]);
    }
    neutral_solve(&b->nodes, sum, t);
}

static void add_impedance_currents(const struct builder *b, const struct load_part *p,
                                   double order, bool driven,
                                   const struct phasor node[NEUTRAL_NODES],
                                   struct waveform_line *line)
{
    struct phasor y[NEUTRAL_PAIRS];
    part_admittances(b, p, order, driven, y);
    for (int k = 0; k < NEUTRAL_PAIRS; k++)
        if (neutral_conducts(&b->nodes, k))
            add_branch_current(
                line, k,
                phasor_multiply(y[k], phasor_sub(node[neutral_pair[k][0]],
                                                 node[neutral_pair[k][1]])));
}

/* Whether an impedance has a layer of its own, because its drive moves. */
static bool drive_moves(const struct builder *b, const struct load_part *p)
{
    return !b->floats && load_drive_moves(&p->drive[0], b->t);
}

/* One line of source j: the voltages of all nodes, the currents of the impedances. */
static void add_source_line(struct builder *b, int j, const struct shape_line *from,
                            int layer, const int part_layer[])
{
    struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES], node[NEUTRAL_NODES];
    struct waveform_line line = { .order = from->order };
    solve(b, from->order, t);
    for (int k = 0; k < NEUTRAL_NODES; k++)
        node[k] = phasor_multiply(t[k][j], (struct phasor){ from->re, from->im });
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        add_at(&line, WAVEFORM_VA + k, phasor_sub(node[k], node[NEUTRAL_N]), 1);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (b->nodes.lost[k] && b->nodes.loss[k] == WAVEFORM_LOSS_DEAD)
            line.re[k] = line.im[k] = 0;
    for (int n = 0; n <= b->motion->parts; n++) {
        const struct load_part *p = part_at(b->motion, n);
        if (as_impedance(b, p) && !drive_moves(b, p))
            add_impedance_currents(b, p, from->order, true, node, &line);
    }
    emit(b, layer, b->factor[j], &line);
    for (int n = 0; n < b->motion->parts; n++) {
        const struct load_part *p = part_at(b->motion, n);
        struct waveform_line own = { .order = from->order };
        if (!p->linear || !drive_moves(b, p))
            continue;
        add_impedance_currents(b, p, from->order, false, node, &own);
        emit(b, part_layer[n], 0, &own);
    }
}

static void add_source(struct builder *b, int j, int layer)
{
    const struct shape *source = &b->motion->source[j];
    int part_layer[MOTION_PARTS];
    if (b->nodes.lost[j])
        return;
    for (int n = 0; n < b->motion->parts; n++) {
        const struct load_part *p = &b->motion->part[n];
        struct motion_layer own = { .source = j, .drive = p };
        if (p->linear && drive_moves(b, p))
            part_layer[n] = open_layer(b, &own);
    }
    assert(source->count <= source->capacity);
    for (int k = 0; k < source->count; k++)
        add_source_line(b, j, &source->line[k], layer, part_layer);
}

/* The voltage of a branch, by source, and its angle now. */
static struct turn find_branch_volts(const struct builder *b,
                                     struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES],
                                     int pair, struct phasor volts[WAVEFORM_PHASES])
{
    struct phasor sum = { 0, 0 };
    for (int j = 0; j < WAVEFORM_PHASES; j++) {
        const struct shape_line *first = b->motion->source[j].line;
        struct phasor gain =
            phasor_sub(t[neutral_pair[pair][0]][j], t[neutral_pair[pair][1]][j]);
        volts[j] = phasor_multiply(gain, (struct phasor){ first->re, first->im });
        /* this factor keeps the angle of a voltage that begins to come back */
        double factor = b->factor[j] > 1e-6 ? b->factor[j] : 1e-6;
        sum.re += factor * volts[j].re;
        sum.im += factor * volts[j].im;
    }
    return turn_from_vector(sum.re, sum.im);
}

/* A branch with lines of its own, turned with the voltage that drives it. */
static void add_branch(struct builder *b, const struct load_part *p, int k,
                       struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES])
{
    struct motion_layer own = { .source = -1, .drive = p, .law = p, .branch = k };
    int pair = load_part_pair(p, k);
    if (p->shape[k].count == 0 || !neutral_conducts(&b->nodes, pair))
        return;
    struct turn angle = find_branch_volts(b, t, pair, own.volts);
    double value = motion_layer_value(&own, b->factor, b->t);
    int layer = open_layer(b, &own);
    for (int n = 0; n < p->shape[k].count; n++) {
        const struct shape_line *from = &p->shape[k].line[n];
        struct waveform_line line = { .order = from->order };
        struct phasor turned;
        turn_sin_cos(turn_multiply(angle, from->order), &turned.im, &turned.re);
        turned = phasor_multiply(turned, (struct phasor){ from->re, from->im });
        add_branch_current(&line, pair, turned);
        emit(b, layer, value, &line);
    }
}

static void add_parts(struct builder *b)
{
    struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES];
    solve(b, 1, t);
    for (int n = 0; n <= b->motion->parts; n++) {
        const struct load_part *p = part_at(b->motion, n);
        for (int k = 0; k < WAVEFORM_PHASES && !as_impedance(b, p); k++)
            add_branch(b, p, k, t);
    }
}

/* The voltage that a capacitor draws away is what was there when it came. */
static void start_transient(struct builder *b, struct event *event)
{
    const struct waveform_event *what = &event->what;
    const struct grid_clock *clock = &b->place->clock;
    uint64_t back = grid_turns(clock->hz, b->t - event->start_s);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        const struct shape_line *v = b->motion->source[k].line;
        double sine, cosine;
        turn_sin_cos(clock->phase.frac - back, &sine, &cosine);
        double now = SQRT2 * (v->re * sine + v->im * cosine) * b->factor[k];
        bool hit = (what->phases == 0 || what->phases >> k & 1) && !b->nodes.lost[k];
        double crest = what->kind == WAVEFORM_EVENT_IMPULSE
                           ? what->volts
                           : -now * what->percent / 100;
        event->crest[k] = hit ? crest : 0;
    }
    event->started = true;
}

static void add_transient(struct builder *b, struct event *event)
{
    const struct grid_clock *clock = &b->place->clock;
    const struct waveform_event *what = &event->what;
    struct motion_layer own = { .source = -1, .transient = event };
    struct shape_line one[1];
    struct shape unit = { 0, 1, one };
    if (!event->started)
        start_transient(b, event);
    double degrees = what->kind == WAVEFORM_EVENT_IMPULSE ? what->start_degrees : 90;
    uint64_t now = grid_turns(what->oscillation_hz, b->t - event->start_s) +
                   turn_from_ratio(degrees, 360).frac;
    grid_add_anchored(&unit, what->oscillation_hz / clock->hz, 1 / SQRT2, now,
                      clock->phase);
    struct waveform_line line = { .order = one->order };
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        add_at(&line, WAVEFORM_VA + k, (struct phasor){ one->re, one->im },
               event->crest[k]);
    emit(b, open_layer(b, &own), 0, &line);
}

static void start_piece(struct builder *b)
{
    struct motion *m = b->motion;
    const struct waveform_line fundamental = { .order = 1 };
    m->layers = m->lines = m->orders = 0;
    m->rotates = false;
    b->floats = neutral_floats(&b->nodes);
    lines_add(b->lines, &fundamental);
    for (int j = 0; j < WAVEFORM_PHASES; j++) {
        b->factor[j] = motion_factor(m, j, b->t);
        b->moves[j] = source_moves(m, j, b->t);
        m->source[j].count = 0;
        grid_add_source(b->place->grid, &m->disturbance, j, source_jump(m, j, b->t),
                        &b->place->clock, &m->source[j]);
    }
}

void motion_build(struct motion *m, const struct motion_place *place,
                  struct lines *lines)
{
    struct builder b = {
        .motion = m, .place = place, .lines = lines, .t = place->clock.seconds
    };
    int layer[WAVEFORM_PHASES];
    b.nodes = motion_nodes(m, place);
    start_piece(&b);
    for (int j = 0; j < WAVEFORM_PHASES; j++) {
        struct motion_layer own = { .source = j };
        layer[j] = open_layer(&b, &own);
    }
    for (int j = 0; j < WAVEFORM_PHASES; j++)
        add_source(&b, j, layer[j]);
    if (!b.floats)
        add_parts(&b);
    for (int n = 0; n < m->events; n++)
        if (event_is_transient(&m->event[n]) &&
            event_reached(b.t, m->event[n].start_s) &&
            !event_reached(b.t, m->event[n].end_s))
            add_transient(&b, &m->event[n]);
}
