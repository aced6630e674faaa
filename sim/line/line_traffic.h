/* Noise and other devices on a line. */
#pragma once

#include "sim/line/line.h"

enum { LINE_FOREIGN_IDS = 32 };

/* Pulses of noise: so many a second in the mean, each of `width_ns` ± half, at times by
 * chance; 0: none. On a cable they have amplitudes, which must reach the signal's. */
void line_set_noise(struct line *l, double per_s, int64_t width_ns);

/* Other devices on the line: every `every_ns` in the mean (0: never) a request to one
 * of them and its answer. They are polled by the line's own masters, which leave room
 * for it, unless `other_master`: then they talk when they like. With ids, these are
 * asked instead, by a master that waits for their answers. */
void line_set_foreign(struct line *l, int64_t every_ns, bool other_master);
void line_set_foreign_ids(struct line *l, const uint8_t *id, int count);
