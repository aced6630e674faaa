/* The load's part of the world: currents as spectral lines, made from the voltages. */
#pragma once

#include "waveform/lines.h"
#include "waveform/waveform.h"

/* Adds the three currents to `lines`, which hold the grid's voltages already. Those of
 * three wires sum to zero (three_wires.h). */
void load_add_lines(const struct waveform_load *load, const struct waveform_grid *grid,
                    enum waveform_wiring wiring, struct lines *lines);
