/* One-second windows with raised-cosine ramps that overlap the neighbour by 0.1 s: the
 * weights of two neighbours sum to 1 at every sample, so nothing is missed or counted
 * twice, and no zero crossing is needed (plain 2520-sample blocks beat by up to 0.35 %
 * off integer frequencies).
 *
 * The ramp is the last 6 of a second's 60 blocks: there each product is split between
 * the window that ends and the one that begins. */
#pragma once

#include "core/fundamental.h"
#include "core/products.h"

enum {
    WINDOW_BLOCKS = HAL_SAMPLE_RATE / BLOCK, /* 60 in a second */
    WINDOW_RAMP_BLOCKS = 6,
    WINDOW_BEHIND = ACQUIRE_SEEN - 1, /* blocks by which metering lags the samples */
    WINDOW_ONE = 1 << 15              /* weight 1 */
};

struct window_sums {
    struct products products;
    int64_t q[3];      /* as in fundamental.h, × weight in Q15 */
    uint32_t weight;   /* sum of weights, Q15, of the products */
    uint32_t q_weight; /* the same of q */
};

struct window {
    struct window_sums open; /* the present second's */
    struct window_sums next; /* what its ramp gives to the next */
    uint8_t block;           /* 0…59 within the second */
    bool starting;           /* the first second: ramps in, from nothing */
};

void window_start(struct window *w);

/* Adds one block; `whole` are its unweighted products. True when a second is complete:
 * its sums are in *done. */
bool window_block(struct window *w, const struct block *block,
                  const struct products *whole, const struct fundamental *f,
                  struct window_sums *done);
