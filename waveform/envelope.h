/* The world in motion: what events and added loads make of the grid.
 *
 * Between two instants at which a law changes (a piece) the world is a sum of layers:
 * lines of constant amplitude, each times one envelope g(t). A layer of voltage is a
 * source; one of current is a load on its voltages, so that g is the product of the
 * source's factor, the load's drive and its law. Layers that stand still in a piece
 * join the plain lines, which cost what they cost without any of this. */
#ifndef WAVEFORM_ENVELOPE_H
#define WAVEFORM_ENVELOPE_H

#include "waveform/basis.h"
#include "waveform/event.h"
#include "waveform/event_hz.h"
#include "waveform/grid.h"
#include "waveform/loads_part.h"
#include "waveform/store.h"
#include "waveform/truth.h"

enum {
    ENVELOPE_EVENTS = 32,
    ENVELOPE_PARTS = 24,
    ENVELOPE_ORDERS = 256, /* that blocks are made of; a piece of more has none */
    ENVELOPE_LAYERS =
        WAVEFORM_PHASES + WAVEFORM_PHASES * ENVELOPE_PARTS + ENVELOPE_EVENTS + 3
};

/* What a layer's envelope is the product of; NULL or -1: not of that. */
struct envelope_layer {
    int source;
    const struct loads_part *drive; /* its drive of `branch` */
    const struct loads_part *law;
    int branch;
    int twin; /* an earlier layer whose drive is the same; -1: none */
    struct phasor volts[WAVEFORM_PHASES]; /* of the branch, by source, for the law */
    bool law_stands;                      /* in this piece, at law_value */
    double law_value;
    const struct event *transient;
};

struct envelope_line {
    int layer, order; /* index into `order` of the envelope */
    struct waveform_line line, seen;
};

/* Mean powers of the voltages of one layer with the currents of another. */
struct envelope_power {
    double p[WAVEFORM_PHASES], q[WAVEFORM_PHASES];
};

struct envelope {
    struct waveform_trouble trouble;
    int events, parts;
    struct event event[ENVELOPE_EVENTS];
    struct event_hz hz;
    struct loads_part *part; /* with room for part_room; NULL: none */
    int part_room;
    struct profile *profile[ENVELOPE_PARTS]; /* of loads that came from saved bytes */
    int profiles;
    struct loads_part plain; /* the load of waveform_set_load */
    struct shape source[WAVEFORM_PHASES];

    int layers, lines, capacity, orders; /* of what moves in this piece */
    bool turns; /* the angle of a branch's voltage does: only one sample is right */
    int layer_room;
    struct envelope_layer *layer;
    struct envelope_line *line;
    double *order, *sine, *cosine;
    struct basis basis; /* of the orders, for blocks */
    /* Of each row 1 + layer_room. Rows: the plain lines, then the sources; in a row
     * [0]: the plain lines; [1 + n]: layer n. */
    struct envelope_power *power[1 + WAVEFORM_PHASES];
};

/* Where a piece begins. */
struct envelope_place {
    const struct waveform_grid *grid;
    enum waveform_wiring wiring;
    struct grid_clock clock;
};

/* Aborts without memory. */
struct envelope *envelope_new(void);
void envelope_free(struct envelope *e);

/* Nothing happens, hangs or troubles: the plain world does. */
bool envelope_idle(const struct envelope *e);

/* Makes room for everything that there may be on this grid, in e and in the lists of
 * plain lines; how many of these there are at most. envelope_build does not allocate
 * after it. */
int envelope_reserve(struct envelope *e, const struct waveform_grid *grid,
                     struct lines *plain, struct lines *seen);

/* The same in numbers; what is in lines and layers is lost when they grow. */
void envelope_reserve_parts(struct envelope *e, int count);
void envelope_reserve_layers(struct envelope *e, int layers);
void envelope_reserve_lines(struct envelope *e, int lines);
void envelope_reserve_basis(struct envelope *e, int orders);
void envelope_reserve_source(struct shape *source, int lines);

/* envelope_save.c. Both ways (store.h); in loading e is new. `moves`: its layers do in
 * this piece, otherwise they are left out. */
void envelope_store(struct envelope *e, bool moves, struct store *s);

/* -1: a value out of range, or no room; nothing changed. */
int envelope_set_trouble(struct envelope *e, const struct waveform_trouble *t);
int envelope_add_load(struct envelope *e, const struct waveform_spec *spec,
                      const struct waveform_grid *grid, double now_s);
void envelope_clear_loads(struct envelope *e);

/* Time has come to t: forgets events that are over, changes the frequency that has gone
 * on to *hz. Returns the turns by which the phase differs from that. */
double envelope_pass(struct envelope *e, double t, double *hz);

/* Plain lines of the piece that begins at `place` into `lines`, the others into e. */
void envelope_build(struct envelope *e, const struct envelope_place *place,
                    struct lines *lines);

/* The next instant after t at which a piece ends; INFINITY: none. */
double envelope_next(const struct envelope *e, double t);

/* The factor on source k at time t, and g of a layer, with those of the sources. */
double envelope_factor(const struct envelope *e, int k, double t);
double envelope_layer_value(const struct envelope_layer *layer,
                            const double factor[WAVEFORM_PHASES], double t);

/* How the layer's current goes with its branch's voltage at these factors. */
double envelope_law_value(const struct envelope_layer *layer,
                          const double factor[WAVEFORM_PHASES]);

/* Every layer's g at time t. */
void envelope_values(const struct envelope *e, double t, double g[ENVELOPE_LAYERS]);

/* Adds what moves to one sample: time t, the fundamental at `phase`. For pieces whose
 * frequency moves, and for those of one sample. */
void envelope_add_sample(struct envelope *e, double t, struct turn phase,
                         double x[WAVEFORM_CHANNELS]);

/* The same for all others: whether this piece has blocks, what makes them ready (after
 * build, and where a block begins), and n samples from place `from` of the block on,
 * added to x[…][at …]; the first is at time begin_s + sample / rate. */
struct envelope_stretch {
    int at, from, n;
    double begin_s, rate;
    int64_t sample;
};
bool envelope_has_blocks(const struct envelope *e);
void envelope_set_basis(struct envelope *e, struct turn half);
void envelope_add_stretch(const struct envelope *e, const struct envelope_stretch *s,
                          double x[][WAVEFORM_BLOCK]);

/* One sample of lines, as they are: where the frequency moves. */
void envelope_sample_lines(const struct lines *lines, struct turn phase,
                           double x[WAVEFORM_CHANNELS]);

/* Adds the lines of a steady state with the envelopes as they are at t to `now`;
 * transients have none. */
void envelope_present_lines(const struct envelope *e, double t,
                            const struct lines *plain, struct lines *now);

/* envelope_energy.c. Powers of every pair of layers; after build. */
void envelope_find_powers(struct envelope *e, enum waveform_wiring wiring,
                          const struct lines *lines);

/* The energy from one time to another within the piece. */
void envelope_add_energy(const struct envelope *e, double from, double to,
                         struct truth_energy *energy);

#endif
