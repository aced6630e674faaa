/* Energy by line cycles: every sample belongs to exactly one cycle, and each cycle is
 * accumulated whole, as import or export (and into its quadrant) by its own mean power
 * (docs/decisions.md, Energy).
 *
 * A cycle starts at the first sample after the reference voltage's fundamental crosses
 * zero upwards; p = v·i is near zero there, so rounding the crossing to a sample moves
 * almost nothing between neighbours. The reference is the first of A, B, C that carries
 * a usable voltage; with none, a cycle ends with the block in which it reaches
 * CYCLE_LONGEST samples. */
#pragma once

#include "core/fundamental.h"
#include "core/products.h"

enum {
    CYCLE_SHORTEST = 30, /* 84 Hz: a crossing sooner than this is not one */
    CYCLE_LONGEST = 84   /* 30 Hz: without a crossing, the cycle ends here */
};

enum direction { IMPORT, EXPORT, DIRECTIONS };
enum { QUADRANTS = 4 };

/* Sums over some cycles, in raw codes; q as fundamental.h gives it. */
struct cycle_sums {
    int64_t vi[3], vv[3], ii[3], q[3];
    uint32_t count; /* samples */
};

/* One phase's (or the whole meter's) cycles since they were last accumulated. */
struct cycle_totals {
    struct cycle_sums direction[DIRECTIONS];
    int64_t q[QUADRANTS][3], vi[QUADRANTS][3];
};

struct cycle {
    struct cycle_sums now; /* the cycle that runs */
    int16_t carried;       /* a boundary that falls into the next block, or -1 */
    uint8_t reference;
    struct cycle_totals phase[3]; /* only index [k] of totals k is used */
    struct cycle_totals total;
    /* Set by the owner once a window: DC product per sample, codes²; weights (Q15) that
     * make the phases' raw powers comparable; phases in use. */
    int64_t dc_product[3];
    uint32_t weight[3];
    uint8_t phases;
};

/* Adds a block's samples, the one that f has its outputs for. `sum` receives the
 * products of the whole block, for the windows. */
void cycle_block(struct cycle *c, const struct fundamental *f,
                 const struct block *block, struct products *sum);

/* Ends the cycle that runs where it is. */
void cycle_end(struct cycle *c);

/* Clears the totals, after the owner has accumulated them. */
void cycle_clear_totals(struct cycle *c);
