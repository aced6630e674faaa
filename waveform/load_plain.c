/* The load of waveform_set_load as a part. See load_part.h. */
#include "waveform/base/constants.h"
#include "waveform/grid.h"
#include "waveform/load_part.h"
#include "waveform/three_wires.h"
#include <math.h>
#include <stdlib.h>

static void allocate(struct shape *shape, int capacity)
{
    shape->line = calloc((size_t)capacity, sizeof *shape->line);
    if (!shape->line)
        abort();
    shape->capacity = capacity;
}

/* Adds the lines of a current at `angle`, times `factor`; its harmonics stand against
 * its own fundamental. Each is turned back by its order times `against`. */
static void add_current(const struct waveform_load *load, int k, struct turn angle,
                        double factor, struct turn against, struct shape *shape)
{
    const struct waveform_harmonics *harmonics = &load->harmonics[k];
    const struct waveform_harmonic fundamental = { .order = 1 };
    double sine, cosine;
    for (int n = -1; n < harmonics->count; n++) {
        const struct waveform_harmonic *h = n < 0 ? &fundamental : &harmonics->item[n];
        double amps = factor * load->amps[k];
        double rms = n < 0 ? amps : amps * h->percent / 100;
        turn_sin_cos(turn_multiply(angle, h->order) +
                         turn_from_ratio(h->degrees, 360).frac -
                         turn_multiply(against, h->order),
                     &sine, &cosine);
        shape_add(shape, h->order, rms * cosine, rms * sine);
    }
}

static void single_branch(const struct waveform_load *load, int k, struct load_part *p)
{
    struct turn angle = turn_from_ratio(-load->lag_degrees[k], 360);
    const struct turn none = { 0, 0 };
    allocate(&p->shape[k], 1 + load->harmonics[k].count);
    add_current(load, k, angle, 1, none, &p->shape[k]);
    const struct shape_line *first = p->shape[k].line;
    p->current[k] = (struct phasor){ first->re, first->im };
}

static struct turn branch_angle(const struct waveform_grid *grid, int from, int to)
{
    double re = 0, im = 0;
    for (int end = 0; end < 2; end++) {
        int k = end ? to : from;
        double sine, cosine, volts = end ? -grid->volts[k] : grid->volts[k];
        turn_sin_cos(turn_from_ratio(grid->degrees[k], 360).frac, &sine, &cosine);
        re += volts * cosine;
        im += volts * sine;
    }
    return turn_from_vector(re, im);
}

/* Lines of currents that sum to zero are those of a delta of (I − I next)/3. */
static void delta_branches(const struct waveform_load *load,
                           const struct waveform_grid *grid, struct load_part *p)
{
    struct waveform_load closed = *load;
    struct turn angle[WAVEFORM_PHASES];
    double star[WAVEFORM_PHASES];
    three_wires_close(grid, &closed);
    three_wires_star(grid, star, angle);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        angle[k] = turn_sub(angle[k], turn_from_ratio(closed.lag_degrees[k], 360));
    p->connection = WAVEFORM_CONNECT_DELTA;
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        int next = (k + 1) % WAVEFORM_PHASES;
        struct turn against = branch_angle(grid, k, next);
        struct shape *shape = &p->shape[k];
        p->volts[k] = grid_volts_between(grid, k, next);
        if (load->amps[k] == 0 && load->amps[next] == 0)
            continue;
        allocate(shape, 2 + load->harmonics[k].count + load->harmonics[next].count);
        add_current(&closed, k, angle[k], 1 / 3., against, shape);
        int second = shape->count;
        add_current(&closed, next, angle[next], -1 / 3., against, shape);
        p->current[k] = (struct phasor){ shape->line[0].re + shape->line[second].re,
                                         shape->line[0].im + shape->line[second].im };
    }
}

void load_part_from_plain(const struct waveform_load *load,
                          const struct waveform_grid *grid, enum waveform_wiring wiring,
                          struct load_part *part)
{
    load_part_free(part);
    part->law = LOAD_LAW_I;
    part->floor = LOAD_FLOOR_PLAIN;
    part->connection = load->ab ? WAVEFORM_CONNECT_AB : WAVEFORM_CONNECT_WYE;
    if (wiring == WAVEFORM_DELTA && !load->ab) {
        delta_branches(load, grid, part);
        return;
    }
    for (int k = 0; k < (load->ab ? 1 : WAVEFORM_PHASES); k++) {
        part->volts[k] = load->ab ? grid_volts_between(grid, 0, 1) : grid->volts[k];
        if (load->amps[k] != 0)
            single_branch(load, k, part);
    }
}
