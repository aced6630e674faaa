/* A record that goes on before its first and after its last sample. */
#pragma once

#include "waveform/resample.h"

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
