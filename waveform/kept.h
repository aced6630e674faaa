/* Grid and load as a world keeps them: only those harmonics that there are. Most meters
 * have few or none, and forty a phase would be most of their memory. */
#pragma once

#include "waveform/waveform.h"

struct kept_harmonics {
    int count[WAVEFORM_PHASES];
    struct waveform_harmonic *item; /* of A, then B, then C; NULL: none */
};

struct kept_grid {
    double hz;
    double volts[WAVEFORM_PHASES], degrees[WAVEFORM_PHASES];
    bool lost[WAVEFORM_PHASES];
    struct kept_harmonics harmonics;
};

struct kept_load {
    double amps[WAVEFORM_PHASES], lag_degrees[WAVEFORM_PHASES];
    bool ab;
    struct kept_harmonics harmonics;
};

/* All zeros is a grid, or a load, to begin with. Abort without memory. */
void kept_set_grid(struct kept_grid *kept, const struct waveform_grid *grid);
void kept_set_load(struct kept_load *kept, const struct waveform_load *load);

struct waveform_grid kept_grid(const struct kept_grid *kept);
struct waveform_load kept_load(const struct kept_load *kept);

void kept_free(struct kept_harmonics *harmonics);
