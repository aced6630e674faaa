/* The line frequency of a record. */
#pragma once

#include "waveform/resample.h"

/* The line frequency of the voltages, or of the currents where those are dead; 0 when
 * there is none from 40 to 70 Hz. `hint`, that of the header or 0, is where the search
 * may begin. */
double recording_find_hz(const struct resample_grid *grid, double hint);
