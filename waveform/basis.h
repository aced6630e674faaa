/* Sines and cosines of the orders that move, a block at a time: what spectrum.h does
 * for lines of constant amplitude, without the amplitudes, which envelopes (motion.h)
 * bring sample by sample. A block begins where the plain lines' does. */
#pragma once

#include "waveform/base/turn.h"
#include "waveform/waveform.h"

struct basis_row; /* an order with its tables */

struct basis {
    struct turn half;    /* half a sample of the fundamental */
    int count, capacity; /* orders */
    struct basis_row *row;
};

/* All zeros has no room. */
void basis_free(struct basis *b);

/* Room for so many orders, so that basis_set does not allocate. Aborts without
 * memory. */
void basis_reserve(struct basis *b, int count);

/* Takes count orders (at most the capacity) at `half` the fundamental's step. Tables
 * are made anew only where an order's step has changed. */
void basis_set(struct basis *b, const double *order, int count, struct turn half);

/* The block whose first sample is at the fundamental's phase `start`. */
void basis_block(struct basis *b, struct turn start);

/* √2 × the sines and cosines of the block's samples; of order 0 ones and zeros. */
const double *basis_sine(const struct basis *b, int row);
const double *basis_cosine(const struct basis *b, int row);
