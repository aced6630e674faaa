/* Samples come in by any pieces and leave as blocks of 42 sets (1/60 s), so that all
 * metering runs on blocks of one size and does not depend on how a board delivers. A
 * ring of five blocks: one fills, one may wait, and metering sees the newest full one
 * and the two before it: it meters the oldest of the three, because its filters need
 * 47 samples ahead. */
#pragma once

#include "core/hal.h"

enum { BLOCK = 42, ACQUIRE_BLOCKS = 5, ACQUIRE_SEEN = 3 };

struct block {
    int32_t x[HAL_CHANNELS][BLOCK];
};

struct acquire {
    struct block ring[ACQUIRE_BLOCKS];
    uint8_t filling; /* index of the block that fills */
    uint8_t fill;    /* sample sets in it */
    /* Blocks finished and blocks received, modulo 256: at most one waits. Each has one
     * writer (the interrupt, the main loop), so neither needs a lock. */
    volatile uint8_t finished, received;
    volatile uint8_t starts; /* of metering: sets gathered before one are not for it */
    volatile bool closed;    /* metering begins anew just now */
    uint32_t lost;           /* blocks lost because nobody took them */
    volatile uint32_t sets;  /* that have come, modulo 2^32 */
};

/* Metering begins anew with the next set. An interrupt may bring sets at any moment: those
 * that come meanwhile are counted in `sets` and go nowhere. */
void acquire_restart(struct acquire *a);

/* count: 1…BLOCK sample sets, x[channel][0…count-1]. True: a block is whole now. */
bool acquire_samples(struct acquire *a, const int32_t x[][BLOCK], uint32_t count);

/* The oldest waiting block, seen[0], and the two before it, seen[1] and seen[2]; false
 * when none waits. The pointers hold until the next call of acquire_samples. */
bool acquire_next(struct acquire *a, struct block *seen[ACQUIRE_SEEN]);
