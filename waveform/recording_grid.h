/* Channels of a file on one uniform grid. */
#pragma once

#include "waveform/recording_channels.h"
#include "waveform/resample.h"

/* The chosen channels at one constant rate, at most twice `enough_hz`; the skew of the
 * channels put right. 0, or -1 and an error. grid->frame is to be freed. */
int recording_grid(const struct comtrade *file,
                   const struct recording_source source[WAVEFORM_CHANNELS],
                   double enough_hz, struct resample_grid *grid,
                   struct comtrade_error *error);
