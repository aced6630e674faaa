/* Currents of three wires without a neutral: they sum to zero (Kirchhoff's first law),
 * so sizes alone fix their angles against each other. */
#pragma once

#include "waveform/base/turn.h"
#include "waveform/neutral.h"
#include "waveform/waveform.h"

/* The voltages from the wires' star point, (Va + Vb + Vc)/3: sizes and angles. On three
 * wires a lag is against these. Lost phases count as healthy, here and below. */
void three_wires_star(const struct waveform_grid *grid, double volts[WAVEFORM_PHASES],
                      struct turn angle[WAVEFORM_PHASES]);

/* Turns the currents until they sum to zero: the triangle of the three sizes is turned,
 * and mirrored where that fits better, until ΣV·I* has the angle that the lags ask for
 * (equal lags: exactly theirs). Changes the lags alone. */
void three_wires_close(const struct waveform_grid *grid, struct waveform_load *load);

/* |ΣI| of the currents as they are, A. */
double three_wires_sum(const struct waveform_grid *grid,
                       const struct waveform_load *load);

/* Amperes that have no way back: by how much the greatest size exceeds the sum of the
 * other two; 0: they make a triangle. */
double three_wires_excess(const double amps[WAVEFORM_PHASES]);

/* |ΣI| of the order of which it is greatest, of the harmonics of a closed load. */
double three_wires_harmonic_sum(const struct waveform_grid *grid,
                                const struct waveform_load *load, double *order);

/* Active power of a closed load, W of the fundamental. */
double three_wires_watts(const struct waveform_grid *grid,
                         const struct waveform_load *load);

/* Makes the currents of a line sum to zero: what has no way back is left out. With one
 * wire lost the other two carry what flows between them: (I1 − I2)/3 of a delta. */
void three_wires_line(struct waveform_line *line, const bool lost[WAVEFORM_PHASES]);
