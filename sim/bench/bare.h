/* The limit of core's kernels: the multiplications and additions of 48 sets of six
 * channels and no more. The numbers lie ready, side by side; nothing is transposed,
 * masked, kept for the next block or stored but the sums. Compiled once for each
 * instruction set, as the kernels are. */
#pragma once

#include <stdint.h>

enum {
    BARE_SETS = 48, /* whole vectors of every width */
    BARE_CHANNELS = 6,
    BARE_LANES = 8, /* of the channels side by side */
    BARE_GROUP = 6,
    BARE_GROUPS = BARE_SETS / BARE_GROUP,
    BARE_TAPS = 7, /* the centre and one half of a filter */
    BARE_SUMS = 18
};

struct bare {
    _Alignas(64) int32_t channel[BARE_CHANNELS][BARE_SETS];
    _Alignas(64) int32_t set[BARE_SETS][BARE_LANES];
    _Alignas(64) int32_t group[BARE_GROUPS + 2 * BARE_TAPS][BARE_CHANNELS];
    int32_t tap0[BARE_TAPS], tap90[BARE_TAPS];
    /* What comes out, so that the work is not left out. */
    int64_t sum[BARE_SUMS];
    _Alignas(64) int32_t moving[BARE_GROUPS][BARE_LANES];
    _Alignas(64) int32_t u0[BARE_GROUPS][BARE_CHANNELS],
        u90[BARE_GROUPS][BARE_CHANNELS];
};

enum bare_part {
    BARE_PRODUCTS, /* sums of products (9 of energy, 3 of line voltages), of samples (6) */
    BARE_SUMS_OF_GROUPS, /* three moving sums of six, of which every sixth is kept */
    BARE_FILTERS,        /* two filters of 13 taps */
    BARE_PARTS
};

void bare_do(struct bare *b, enum bare_part part);
