/* Sums of samples and of their products over a stretch of one block. Exact: 24-bit
 * codes (25 bits for the A-B element), at most 42 sets. */
#pragma once

#include "core/acquire.h"

struct products {
    int64_t vi[3], vv[3], ii[3];
    int64_t vx[3]; /* va·vb, vb·vc, vc·va: the L-L voltages come from these */
    int64_t v[3], i[3];
};

/* vi, vv, ii over samples from…to-1. */
void products_of_stretch(struct products *p, const struct block *block, int from,
                         int to);

/* vx, v, i over the whole block: nobody needs them of a part. */
void products_of_block(struct products *p, const struct block *block);

/* All of them over the whole block, each sample weighted by w[0…41] ÷ 2^15 (one factor
 * of each product carries the weight, rounded to a code). */
void products_weighted(struct products *p, const struct block *block,
                       const uint16_t *w);

void products_add(struct products *sum, const struct products *p);
void products_subtract(struct products *sum, const struct products *p);
