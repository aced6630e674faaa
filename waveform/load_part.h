/* Loads as the world works with them: parts, each of one law on up to three branches. A
 * kind of load is one part or two (a motor: what runs, and its inrush). */
#pragma once

#include "waveform/load_drive.h"
#include "waveform/load_kind.h"
#include "waveform/neutral.h"
#include "waveform/shape.h"

enum { LOAD_PARTS = 2 }; /* at most, of one load */

/* Of nominal volts, below which a load without a floor of its own draws less. */
static const double LOAD_FLOOR_PLAIN = 0.05;

/* How the size of the current goes with that of the voltage. */
enum load_law { LOAD_LAW_Z, LOAD_LAW_I, LOAD_LAW_P };

struct load_part {
    enum load_law law;
    bool linear; /* an impedance: each line of the voltage makes its own current */
    enum waveform_connection connection;
    double floor;                  /* of nominal volts; below, current ~ voltage */
    double volts[WAVEFORM_PHASES]; /* nominal, across the branch */
    struct phasor current[WAVEFORM_PHASES]; /* at that, against the branch's voltage */
    struct shape shape[WAVEFORM_PHASES];    /* all lines of it, where not linear */
    struct load_drive drive[WAVEFORM_PHASES];
};

/* The pair of nodes of a branch; the first is where its current goes in. */
int load_part_pair(const struct load_part *p, int branch);

/* Current over nominal current at v times nominal volts. */
double load_part_law(const struct load_part *p, double v);

/* Admittance of a branch as an impedance at nominal voltage, at an order. */
struct phasor load_part_admittance(const struct load_part *p, int branch, double order);

/* Whether its currents sum to zero: all but those to a neutral, and those of a star of
 * which each phase has a wave of its own. */
bool load_part_closes(const struct waveform_load_spec *spec);

/* How many parts the load is made of; 0: the specification is wrong, or says nothing.
 * The parts own their shapes. Aborts without memory. */
int load_part_make(const struct waveform_load_spec *spec,
                   const struct waveform_grid *grid, double now_s,
                   struct load_part part[LOAD_PARTS]);

/* The load of waveform_set_load; frees what `part` held. On three wires it is a delta
 * of constant currents, so that the lines' sum is zero whatever the voltages do. */
void load_part_from_plain(const struct waveform_load *load,
                          const struct waveform_grid *grid, enum waveform_wiring wiring,
                          struct load_part *part);

void load_part_free(struct load_part *part);
