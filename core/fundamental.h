/* The fundamental of each channel, as a pair in quadrature, at 420 per second.
 *
 * Samples go through three moving sums of six, every sixth result is kept, then two FIR
 * filters of 13 taps (a Hann window on 60 Hz, one symmetric, one antisymmetric) give u0
 * and u90. Whatever the frequency, they differ by exactly a quarter turn, so that
 *
 *     q = u90(v)·u0(i) − u0(v)·u90(i) = gain(f) · 2·V·I·sin φ
 *
 * has no ripple at any frequency, needs no whole cycles, and is the fundamental reactive
 * power of IEC 62053-24: a harmonic enters by its leakage into u of both channels, below
 * 1 % from the 3rd at 50 Hz and the 2nd at 60 Hz on, each. The gain, known by design, is
 * divided out once a window.
 *
 * The frequency comes from the same u0 of a voltage: for a sine,
 * u[k−1] + u[k+1] = 2·cos(2πf/420)·u[k]; least squares over a second gives f without any
 * zero crossing, to well below 1 mHz. */
#pragma once

#include "core/acquire.h"

enum {
    GROUP = 6,                      /* samples in a sum */
    GROUPS = BLOCK / GROUP,         /* sums in a block */
    FUNDAMENTAL_AHEAD = 6,          /* half the filter: groups ahead that it needs */
    FUNDAMENTAL_REACH = 5,          /* samples of a group's sum on either side */
    FUNDAMENTAL_DECIMAL_CENTRE = 25 /* centre of a group: sample 2.5, in tenths */
};

struct fundamental {
    /* Sums of groups −6…13 about the block that is metered; the channels side by side, and
     * one group after the other without a gap, so that vectors hold parts of two. */
    int32_t sum[FUNDAMENTAL_AHEAD + 2 * GROUPS][HAL_CHANNELS];
    /* Outputs at groups −1…7 of it: [0], [1] are kept from the last time. */
    int32_t u0[GROUPS + 2][HAL_CHANNELS];
    int32_t u90[GROUPS + 2][HAL_CHANNELS];
    /* q ÷ 2^18 of the phases at groups 0…6. */
    int64_t q[GROUPS][3];
    /* Least squares for the frequency of each voltage, over the present second. */
    int64_t num[3], den[3];
};

/* Takes the newest block, seen[0], with the two before it; afterwards u0, u90 [1 + j]
 * belong to group j, 0…7, of seen[2]. */
void fundamental_block(struct fundamental *f, struct block *const seen[ACQUIRE_SEEN]);

/* Σ(u0² + u90²) ÷ 2^12 of voltage k over the block: its amplitude, for gating. */
int64_t fundamental_power(const struct fundamental *f, int k);

/* Frequency in µHz from the sums of a second; 0 when the voltage is too small or the
 * result lies outside 40…70 Hz. */
int64_t fundamental_frequency_uhz(struct fundamental *f, int k);
void fundamental_clear_frequency(struct fundamental *f);

/* 2^37 ÷ gain(f): mean V·I·sin φ in codes² = mean of q · this ÷ 2^20.
 * f in µHz, 40…70 Hz. */
uint64_t fundamental_inverse_gain(int64_t uhz);

/* A voltage of which fundamental_power is above this carries a usable fundamental:
 * about 6 V at the input. */
extern const int64_t fundamental_min_power;
