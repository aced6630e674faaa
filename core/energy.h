/* Energy accumulators: real by direction, reactive by quadrant, apparent by the
 * direction of real power; per phase and, apart from them, total. They only grow.
 *
 * One count of `mwh` is 1 mWh (mvarh, mVAh), finer than the smallest register step of
 * 0.1 Wh; the remainder is kept in µJ, so nothing is lost by rounding. */
#pragma once

#include <stdint.h>

enum energy_kind {
    ENERGY_IMPORT,
    ENERGY_EXPORT,
    ENERGY_Q1,
    ENERGY_Q2,
    ENERGY_Q3,
    ENERGY_Q4,
    ENERGY_S_IMPORT,
    ENERGY_S_EXPORT,
    ENERGY_KINDS
};

enum { ENERGY_TOTAL = 3, ENERGY_OWNERS = 4 }; /* owners 0-2: phases A B C */

struct energy {
    uint64_t mwh[ENERGY_OWNERS][ENERGY_KINDS];
    uint32_t rest_uj[ENERGY_OWNERS][ENERGY_KINDS]; /* below 3 600 000 */
    uint32_t resets;                               /* register 147 */
    uint32_t overrun; /* 1: since the last reset pulses were too many (146, bit 14) */
};

void energy_add(struct energy *e, int owner, enum energy_kind kind, uint64_t uj);

/* Command 30078: all to zero, one more reset counted. */
void energy_reset(struct energy *e);

/* Register 1 and 15: import less export, mWh. */
int64_t energy_net(const struct energy *e, enum energy_kind import,
                   enum energy_kind export);
