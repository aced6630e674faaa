/* Arithmetic on clocks: exact, so that a million periods are a million times one. */
#pragma once

#include "hal_sim/chips/part.h"

/* The time that so many cycles take, rounded up, and the cycles that have passed after so
 * many ns: CYCLES of NS of k is k. INT64_MAX, 0: the clock stands still. */
int64_t chip_rate_ns(struct chip_rate rate, int64_t cycles);
int64_t chip_rate_cycles(struct chip_rate rate, int64_t ns);

/* A cycle in femtoseconds, cut off; 0: the clock stands still. */
uint64_t chip_rate_fs(struct chip_rate rate);

/* In whole Hz, rounded. */
uint32_t chip_rate_hz(struct chip_rate rate);

/* The rate divided by n; n 0: it stands still. */
struct chip_rate chip_rate_by(struct chip_rate rate, uint64_t n);
