/* How a recording is made, in parts: channels, a uniform grid, the line frequency, the
 * extension by cycles. Private to waveform/recording*.c. */
#ifndef WAVEFORM_RECORDING_PARTS_H
#define WAVEFORM_RECORDING_PARTS_H

#include "waveform/recording.h"
#include "waveform/resample.h"

/* One chosen channel: index in the file or -1 for none, and the factor to V or A. */
struct recording_source {
    int index;
    double factor;
};

/* 0, or -1 and an error that lists the file's channels. */
int recording_choose(const struct comtrade *file,
                     const struct recording_options *options,
                     struct recording_source source[WAVEFORM_CHANNELS],
                     struct comtrade_error *error);

/* The chosen channels at one constant rate, at most twice `enough_hz`; the skew of the
 * channels put right. 0, or -1 and an error. grid->frame is to be freed. */
int recording_grid(const struct comtrade *file,
                   const struct recording_source source[WAVEFORM_CHANNELS],
                   double enough_hz, struct resample_grid *grid,
                   struct comtrade_error *error);

/* The line frequency of the voltages, or of the currents where those are dead; 0 when
 * there is none from 40 to 70 Hz. */
double recording_find_hz(const struct resample_grid *grid);

/* A record that goes on before its first and after its last sample. */
struct recording_cycles {
    const struct resample_grid *grid;
    const struct resample_kernel *kernel;
    double period, fade; /* in samples */
    double margin;       /* samples between an end and its block */
    double block;        /* samples that repeat after the end: some periods */
    double last;         /* position of the last sample */
};

/* Of at least two periods. */
struct recording_cycles recording_cycles_of(const struct resample_grid *grid,
                                            const struct resample_kernel *kernel,
                                            double hz);

/* Channel at any position in samples. */
double recording_cycles_at(const struct recording_cycles *c, int channel,
                           double position);

#endif
