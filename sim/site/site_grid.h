/* The grid as it was asked for. Each meter gets its own by its wiring: 480 V between
 * lines is two legs of 240 V for a split-phase meter and three phases of 277 V for the
 * others. A kind is a transformer, the same for all meters. */
#pragma once

#include "waveform/base/store.h"
#include "waveform/grid.h"

struct site_meter;

enum site_volts {
    SITE_VOLTS_NONE,
    SITE_VOLTS_LL,
    SITE_VOLTS_LN,
    SITE_VOLTS_EACH,
    SITE_VOLTS_SEQUENCES
};

struct site_grid {
    double hz;
    bool sets_hz; /* not yet applied: events may have moved the world's since */
    enum site_volts how;
    double volts[3];  /* V; the first one for SITE_VOLTS_LL and SITE_VOLTS_LN */
    bool has_degrees; /* of the phases, or of the sequences */
    bool acb, has_kind;
    enum grid_kind kind;
    double degrees[3];
    struct waveform_harmonics harmonics[3];
    bool sets_disturbance, sets_loss; /* not yet applied */
    bool lost[3];
    struct waveform_disturbance disturbance;
};

/* The meter's grid becomes that of its world. `line` of the script, or 0. 0 or an error
 * (site.h). */
int site_grid_apply(struct site_meter *m, int line);

/* Both ways (waveform/base/store.h). */
void site_grid_store(struct store *st, struct site_grid *g);
