/* Metering: from blocks of samples to readings once a second and energy by cycles.
 *
 * One block's way: acquire → type 11 forms its A-B element → fundamental (the newest
 * block) → cycle and window (two blocks before it) → at the end of a second: readings,
 * energy. Constants of calibration enter once a window, not per sample. */
#ifndef CORE_METERING_H
#define CORE_METERING_H

#include "core/energy.h"
#include "core/metering_state.h"

/* Starts anew (power-up, change of system type): settings into scales, windows
 * empty. */
void metering_start(struct metering *m, const struct metering_setup *setup);

/* New scales without a restart (CT, PT changed). */
void metering_scale(struct metering *m, const struct metering_setup *setup);

/* Accumulates the cycles of the second that runs, before its scales change. */
void metering_accumulate_now(struct metering *m, const struct model *model,
                             struct energy *energy);

/* Meters one waiting block. True when it completed a second: its sums are in *sums, for
 * second_finish. False with *received unset: nothing waited. */
bool metering_block(struct metering *m, struct window_sums *sums, bool *received);

#endif
