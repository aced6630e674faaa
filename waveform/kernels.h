/* The loops in which the world's time goes, over whole arrays. Each element is made by the
 * same operations in the same order, whatever the width of the vectors: the same bits from
 * every instruction set. kernels.c and line_kernels.c are plain C, compiled once for each of
 * them, but AVX2 has its instructions for lines (x86/line_lanes.c, x86/sine_lanes.c); x86/versions.c chooses
 * (CMakeLists.txt has the names). */
#pragma once

#include "waveform/load_drive.h"
#include "waveform/spectrum.h"
#include <stdint.h>

/* As turn_sin_cos, n times. */
void kernel_sin_cos(const uint64_t *frac, int n, double *sine, double *cosine);

/* The samples of a block without DC, from the lines' sines and cosines in its middle. */
void kernel_lines(struct spectrum *s, double x[][WAVEFORM_BLOCK]);

/* The sine and the cosine through a block, from those of its middle, by the cosines and
 * sines of the way from there. */
void kernel_wave(const double *even, const double *odd, double sine, double cosine,
                 double *sines, double *cosines);

/* x += g·(re·sine + im·cosine), n times. */
void kernel_add_wave(const double *g, const double *sine, const double *cosine,
                     double re, double im, int n, double *x);

/* y = x·by, n times. */
void kernel_scale(const double *x, double by, int n, double *y);

/* The times of n samples from one on. */
void kernel_times(double begin_s, int64_t sample, double rate, int n, double *t);

/* load_drive_value of LOAD_DRIVE_SUN at n times, one after the other, n > 0, and of
 * LOAD_DRIVE_CHARGE on its ramp. */
void kernel_sun(const struct load_drive *d, const double *t, int n, double *value);
void kernel_ramp(const struct load_drive *d, const double *t, int n, double *value);

/* What the elements see in n samples, one array each: their voltages and currents, and the
 * voltages between conductors. Those that there are not hold 0. */
enum { KERNEL_ELEMENTS = 4, KERNEL_SUMS = 8 };

struct kernel_elements {
    const double *v[WAVEFORM_PHASES], *i[WAVEFORM_PHASES], *vll[WAVEFORM_PHASES];
    const double *weight, *sine, *cosine;
};

/* Adds them, one after the other, to the sums of v², i², v·sin, i·sin, v·cos, i·cos, v·i
 * and vll² of each element, weighted (truth.h); the fourth lane is of none. */
void kernel_truth(const struct kernel_elements *e, int n,
                  double sum[KERNEL_SUMS][KERNEL_ELEMENTS]);

/* A recording's samples through the view: of every sample the sum in the order of the
 * channels. */
void kernel_view(const double gain[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS], int n,
                 double x[][WAVEFORM_BLOCK]);
