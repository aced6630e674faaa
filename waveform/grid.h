/* The grid's part of the world: voltages as spectral lines. */
#pragma once

#include "waveform/lines.h"
#include "waveform/shape.h"
#include "waveform/waveform.h"

/* Adds the three voltages to `lines`; a phase that is lost adds nothing. */
void grid_add_lines(const struct waveform_grid *grid, struct lines *lines);

/* Grids by name; the angle of phase A (of A-N, or of A against B) is 0. `volts`:
 * between lines. High leg: A-N and C-N half of it, B-N √3/2. Corner grounded: B at 0 V.
 * Split phase: A and B, half each, in opposition. Keeps hz; harmonics and losses go. */
enum grid_kind {
    GRID_WYE,
    GRID_ACB, /* wye with the sequence A, C, B */
    GRID_HIGH_LEG,
    GRID_CORNER,
    GRID_SPLIT
};
void grid_set_kind(struct waveform_grid *grid, enum grid_kind kind, double volts);

/* RMS between two phases. */
double grid_volts_between(const struct waveform_grid *grid, int a, int b);

/* The three phases from symmetrical components: zero, positive, negative. */
void grid_set_sequences(struct waveform_grid *grid, const double volts[3],
                        const double degrees[3]);

/* The world's time at which lines begin: those that are not locked to the fundamental
 * (flicker) are given the phase that goes on from before. */
struct grid_clock {
    struct turn phase;
    double seconds, hz;
};

/* One phase with its disturbance, turned on by `jump_degrees`, lost or not, as lines
 * against the world's own phase. grid_source_count: how many at most. */
void grid_add_source(const struct waveform_grid *grid,
                     const struct waveform_disturbance *disturbance, int phase,
                     double jump_degrees, const struct grid_clock *clock,
                     struct shape *source);
int grid_source_count(const struct waveform_grid *grid,
                      const struct waveform_disturbance *disturbance);

/* So many turns, of either sign. turn_from_ratio alone cannot take a negative number
 * that is so small that 1 more than it is 1. */
struct turn grid_signed_turns(double numerator, double denominator);

/* The fraction of a turn that hz cycles a second make in so many seconds. */
uint64_t grid_turns(double hz, double seconds);

/* Adds rms·sin(order·θ + angle) whose whole phase is `phase_now` where θ = `now`. An
 * order below 0 is mirrored. */
void grid_add_anchored(struct shape *s, double order, double rms, uint64_t phase_now,
                       struct turn now);
