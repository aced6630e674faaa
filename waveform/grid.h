/* The grid's part of the world: voltages as spectral lines. */
#ifndef WAVEFORM_GRID_H
#define WAVEFORM_GRID_H

#include "waveform/lines.h"
#include "waveform/waveform.h"

/* Adds the three voltages to `lines`; a phase that is lost adds nothing. */
void grid_add_lines(const struct waveform_grid *grid, struct lines *lines);

#endif
