/* Change of sampling rate by a windowed sinc (Kaiser window), for frames of six
 * channels that lie side by side so that one set of weights serves them all. The kernel
 * comes from + - * / and square roots only: its bits are the same on every processor.
 *
 * With 64 zero crossings a side and 90 dB, a cut at 1260 Hz is flat to 1204 Hz (the
 * 20th harmonic of 60 Hz) within 0.01 %, and lets nothing alias below 1204 Hz. */
#pragma once

#include "waveform/waveform.h"
#include <stdint.h>

/* Samples at a constant rate: frame[n * WAVEFORM_CHANNELS + channel]. */
struct resample_grid {
    double hz;
    int64_t count;
    double *frame;
};

struct resample_kernel;

/* sin(2π·turns). */
double resample_sin_turns(double turns);

/* `zeros` zero crossings a side (1…64), side lobes `db` down (50…120). NULL without
 * memory. */
struct resample_kernel *resample_kernel_new(int zeros, double db);
void resample_kernel_free(struct resample_kernel *k);

/* How far the kernel reaches to each side, in samples, when it cuts at `cut` times half
 * the rate. */
double resample_kernel_reach(const struct resample_kernel *k, double cut);

/* All channels at `position` (in samples, 0…count−1), band-limited to `cut` (0…1] times
 * half the grid's rate. Beyond its ends the grid is continued point-symmetrically. */
void resample_at(const struct resample_kernel *k, const struct resample_grid *grid,
                 double cut, double position, double out[WAVEFORM_CHANNELS]);

/* One channel between its samples, full band. Near the ends the kernel narrows and
 * passes into a polynomial; beyond them the last sample holds. */
double resample_between(const struct resample_kernel *k,
                        const struct resample_grid *grid, int channel, double position);

/* Keeps every n-th frame of what is below the new half rate. 0, or -1 without memory.
 * The content must end below 0.5 of the new half rate, or be unwanted. */
int resample_decimate(const struct resample_grid *in, int n, struct resample_grid *out);
