/* The line frequency of a record. */
#ifndef WAVEFORM_RECORDING_HZ_H
#define WAVEFORM_RECORDING_HZ_H

#include "waveform/resample.h"

/* The line frequency of the voltages, or of the currents where those are dead; 0 when
 * there is none from 40 to 70 Hz. */
double recording_find_hz(const struct resample_grid *grid);

#endif
