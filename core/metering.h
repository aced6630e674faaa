/* Metering: from blocks of samples to readings once a second and energy by cycles.
 *
 * One block's way: acquire → type 11 forms its A-B element → fundamental (the newest
 * block) → cycle and window (two blocks before it) → at the end of a second: readings,
 * energy. Constants of calibration enter once a window, not per sample. */
#pragma once

#include "core/energy.h"
#include "core/metering_state.h"

/* Starts anew (power-up, change of system type): settings into scales, windows
 * empty. */
void metering_start(struct metering *m, const struct metering_setup *setup);

/* New scales without a restart (CT, PT changed). */
void metering_scale(struct metering *m, const struct metering_setup *setup);

/* Accumulates the cycles of the second that runs, before its scales change. Those before
 * the first second wait for its end, and go by the scales that its readings go by. */
void metering_accumulate_now(struct metering *m, const struct model *model,
                             struct energy *energy);

/* The first second shows which phases are loaded, and corrects the cycles. */
bool metering_has_correction(const struct metering *m);

/* The A-B element: the current of A meets the voltage A-B. */
void metering_form_element_ab(struct block *block);

/* A second without sets: no readings in *second, and the energies of the cycles that
 * ended before the silence. */
void metering_silence(struct metering *m, const struct model *model,
                      struct energy *energy, struct second *second);

/* By so much what a second's window holds ends before the second does, in the mean:
 * metering lags, and half of the ramp is the next window's. */
enum {
    METERING_BEHIND_US =
        (WINDOW_BEHIND + WINDOW_RAMP_BLOCKS / 2) * BLOCK * 1000000 / HAL_SAMPLE_RATE
};

/* How much of the second that runs has come in sets; negative: it has not begun. */
int32_t metering_part_us(const struct metering *m);

/* Sets come again, `came` of them so far: a second begins with their first whole block.
 * Returns how many sets of it have come; negative: so many are missing to its
 * beginning. */
int32_t metering_resume(struct metering *m, uint32_t came);

/* Meters one waiting block. True when it completed a second: its sums are in *sums, for
 * second_finish. False with *received unset: nothing waited. */
bool metering_block(struct metering *m, struct window_sums *sums, bool *received);
