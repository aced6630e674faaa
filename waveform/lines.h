/* A growing list of spectral lines, one per order: what the grid and the load write
 * into, and what samples and exact values are read from. */
#pragma once

#include "waveform/base/turn.h"
#include "waveform/waveform.h"

struct lines {
    int count, capacity;
    struct waveform_line *item;
};

void lines_free(struct lines *lines);

/* Room for so many. Aborts without memory. */
void lines_reserve(struct lines *lines, int count);

/* Adds to what is there: components of one order add as phasors. A negative order is
 * the mirrored line of the positive one. Aborts without memory. */
void lines_add(struct lines *lines, const struct waveform_line *line);

/* A component of `rms` at `angle` on one channel; of order 0: DC of rms·cos(angle). */
void lines_add_phasor(struct lines *lines, double order, enum waveform_channel channel,
                      double rms, uint64_t angle);

/* The harmonics of a fundamental of `rms` at `angle`, on one channel. */
void lines_add_harmonics(struct lines *lines,
                         const struct waveform_harmonics *harmonics,
                         enum waveform_channel channel, double rms, struct turn angle);
