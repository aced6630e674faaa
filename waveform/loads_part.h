/* Loads as the world works with them: parts, each of one law on up to three branches. A
 * kind of load is one part or two (a motor: what runs, and its inrush). */
#ifndef WAVEFORM_LOADS_PART_H
#define WAVEFORM_LOADS_PART_H

#include "waveform/loads_drive.h"
#include "waveform/loads_kind.h"
#include "waveform/neutral.h"
#include "waveform/shape.h"

enum { LOADS_PARTS = 2 }; /* at most, of one load */

/* How the size of the current goes with that of the voltage. */
enum loads_law { LOADS_LAW_Z, LOADS_LAW_I, LOADS_LAW_P };

struct loads_part {
    enum loads_law law;
    bool linear; /* an impedance: each line of the voltage makes its own current */
    enum waveform_connection connection;
    double floor;                  /* of nominal volts; below, current ~ voltage */
    double volts[WAVEFORM_PHASES]; /* nominal, across the branch */
    struct phasor current[WAVEFORM_PHASES]; /* at that, against the branch's voltage */
    struct shape shape[WAVEFORM_PHASES];    /* all lines of it, where not linear */
    struct loads_drive drive[WAVEFORM_PHASES];
};

/* The pair of nodes of a branch; the first is where its current goes in. */
int loads_part_pair(const struct loads_part *p, int branch);

/* Current over nominal current at v times nominal volts. */
double loads_part_law(const struct loads_part *p, double v);

/* Admittance of a branch as an impedance at nominal voltage, at an order. */
struct phasor loads_part_admittance(const struct loads_part *p, int branch,
                                    double order);

/* How many parts the load is made of; 0: the specification is wrong, or says nothing.
 * The parts own their shapes. Aborts without memory. */
int loads_part_make(const struct waveform_spec *spec, const struct waveform_grid *grid,
                    double now_s, struct loads_part part[LOADS_PARTS]);

/* The load of waveform_set_load; frees what `part` held. */
void loads_part_from_plain(const struct waveform_load *load,
                           const struct waveform_grid *grid, struct loads_part *part);

void loads_part_free(struct loads_part *part);

#endif
