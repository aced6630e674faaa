/* The world in motion: what events and added loads make of the grid.
 *
 * Between two instants at which a law changes (a piece) the world is a sum of layers:
 * lines of constant amplitude, each times one envelope g(t). A layer of voltage is a
 * source; one of current is a load on its voltages, so that g is the product of the
 * source's factor, the load's drive and its law. Layers that stand still in a piece
 * join the plain lines, which cost what they cost without any of this. */
#pragma once

#include "waveform/base/store.h"
#include "waveform/basis.h"
#include "waveform/event.h"
#include "waveform/event_hz.h"
#include "waveform/grid.h"
#include "waveform/load_part.h"
#include "waveform/truth.h"

enum {
    MOTION_EVENTS = 32,
    MOTION_PARTS = 24,
    MOTION_ORDERS = 256, /* that blocks are made of; a piece of more has none */
    MOTION_LAYERS = WAVEFORM_PHASES + WAVEFORM_PHASES * MOTION_PARTS + MOTION_EVENTS + 3
};

/* What a layer's envelope is the product of; NULL or -1: not of that. */
struct motion_layer {
    int source;
    const struct load_part *drive; /* its drive of `branch` */
    const struct load_part *law;
    int branch;
    int twin; /* an earlier layer whose drive is the same; -1: none */
    struct phasor volts[WAVEFORM_PHASES]; /* of the branch, by source, for the law */
    bool law_stands;                      /* in this piece, at law_value */
    double law_value;
    const struct event *transient;
};

struct motion_line {
    int layer, order; /* index into `order` of the envelope */
    struct waveform_line line, seen;
};

/* Mean powers of the voltages of one layer with the currents of another. */
struct motion_power {
    double p[WAVEFORM_PHASES], q[WAVEFORM_PHASES];
};

struct motion {
    struct waveform_disturbance disturbance;
    double lost_s[WAVEFORM_PHASES]; /* since when each phase carries what it does */
    int events, parts;
    struct event event[MOTION_EVENTS];
    struct event_hz hz;
    struct load_part *part; /* with room for part_room; NULL: none */
    int part_room;
    struct profile *profile[MOTION_PARTS]; /* of loads that came from saved bytes */
    int profiles;
    struct load_part plain; /* the load of waveform_set_load */
    struct shape source[WAVEFORM_PHASES];

    int layers, lines, capacity, orders; /* of what moves in this piece */
    bool rotates; /* the angle of a branch voltage moves: only one sample is exact */
    int layer_room;
    struct motion_layer *layer;
    struct motion_line *line;
    double *order, *sine, *cosine;
    struct basis basis; /* of the orders, for blocks */
    /* Of each row 1 + layer_room. Rows: the plain lines, then the sources; in a row
     * [0]: the plain lines; [1 + n]: layer n. */
    struct motion_power *power[1 + WAVEFORM_PHASES];
};

/* Where a piece begins. */
struct motion_place {
    const struct waveform_grid *grid;
    enum waveform_wiring wiring;
    struct grid_clock clock;
};

/* Aborts without memory. */
struct motion *motion_new(void);
void motion_free(struct motion *m);

/* No event, added load or disturbance: the plain world is enough. */
bool motion_idle(const struct motion *m);

/* Makes room for everything that there may be on this grid, in m and in the lists of
 * plain lines; how many of these there are at most. motion_build does not allocate
 * after it. */
int motion_reserve(struct motion *m, const struct waveform_grid *grid,
                   struct lines *plain, struct lines *seen);

/* Whether there is all the room that motion_reserve would make. */
bool motion_has_room(const struct motion *m, const struct waveform_grid *grid,
                     const struct lines *plain, const struct lines *seen);

/* The same in numbers; what is in lines and layers is lost when they grow. */
void motion_reserve_parts(struct motion *m, int count);
void motion_reserve_layers(struct motion *m, int layers);
void motion_reserve_lines(struct motion *m, int lines);
void motion_reserve_basis(struct motion *m, int orders);
void motion_reserve_source(struct shape *source, int lines);

/* motion_save.c. Both ways (store.h); in loading m is new. `moves`: its layers do in
 * this piece, otherwise they are left out. */
void motion_store(struct motion *m, bool moves, struct store *s);

/* -1: a value out of range, or no room; nothing changed. now_s: of the world's time. */
int motion_set_disturbance(struct motion *m, const struct waveform_disturbance *t,
                           double now_s);

/* Phases that are lost in the new grid and not in the old one are, from now on. */
void motion_note_losses(struct motion *m, const bool old[WAVEFORM_PHASES],
                        const bool new[WAVEFORM_PHASES], double now_s);

/* Nodes of the network as they are at time t. */
struct neutral_state motion_nodes(const struct motion *m,
                                  const struct motion_place *place);
int motion_add_load(struct motion *m, const struct waveform_load_spec *spec,
                    const struct waveform_grid *grid, double now_s);
void motion_clear_loads(struct motion *m);

/* Time has come to t: forgets events that are over, changes the frequency that has gone
 * on to *hz. Returns the turns by which the phase differs from that. */
double motion_pass(struct motion *m, double t, double *hz);

/* Plain lines of the piece that begins at `place` into `lines`, the others into m. */
void motion_build(struct motion *m, const struct motion_place *place,
                  struct lines *lines);

/* The next instant after t at which a piece ends; INFINITY: none. */
double motion_next(const struct motion *m, double t);

/* The factor on source k at time t, and g of a layer, with those of the sources. */
double motion_factor(const struct motion *m, int k, double t);
double motion_layer_value(const struct motion_layer *layer,
                          const double factor[WAVEFORM_PHASES], double t);

/* The same with the drive's value at t. */
double motion_driven_value(const struct motion_layer *layer,
                           const double factor[WAVEFORM_PHASES], double drive,
                           double t);

/* How the layer's current goes with its branch's voltage at these factors. */
double motion_law_value(const struct motion_layer *layer,
                        const double factor[WAVEFORM_PHASES]);

/* Every layer's g at time t. */
void motion_values(const struct motion *m, double t, double g[MOTION_LAYERS]);

/* Adds what moves to one sample: time t, the fundamental at `phase`. For pieces whose
 * frequency moves, and for those of one sample. */
void motion_add_sample(struct motion *m, double t, struct turn phase,
                       double x[WAVEFORM_CHANNELS]);

/* The same for all others: whether this piece has blocks, what makes them ready (after
 * build, and where a block begins), and n samples from place `from` of the block on,
 * added to x[…][at …]; the first is at time begin_s + sample / rate. */
struct motion_stretch {
    int at, from, n;
    double begin_s, rate;
    int64_t sample;
};
bool motion_has_blocks(const struct motion *m);
void motion_set_basis(struct motion *m, struct turn half);
void motion_add_stretch(const struct motion *m, const struct motion_stretch *s,
                        double x[][WAVEFORM_BLOCK]);

/* One sample of lines, as they are: where the frequency moves. */
void motion_sample_lines(const struct lines *lines, struct turn phase,
                         double x[WAVEFORM_CHANNELS]);

/* Adds the lines of a steady state with the envelopes as they are at t to `now`;
 * transients have none. */
void motion_present_lines(const struct motion *m, double t, const struct lines *plain,
                          struct lines *now);

/* motion_energy.c. Powers of every pair of layers; after build. */
void motion_find_powers(struct motion *m, enum waveform_wiring wiring,
                        const struct lines *lines);

/* The energy from one time to another within the piece. */
void motion_add_energy(const struct motion *m, double from, double to,
                       struct truth_energy *energy);
