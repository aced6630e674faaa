/* Noise and other devices on a line. */
#ifndef SIM_LINE_LINE_TRAFFIC_H
#define SIM_LINE_LINE_TRAFFIC_H

#include "sim/line/line.h"

/* Pulses of noise: so many a second in the mean, each of `width_ns` ± half, at times by
 * chance; 0: none. */
void line_set_noise(struct line *l, double per_s, int64_t width_ns);

/* Other devices on the line: every `every_ns` in the mean (0: never) a request to one
 * of them and its answer. They are polled by the line's own masters, which leave room
 * for it, unless `other_master`: then they talk when they like. */
void line_set_foreign(struct line *l, int64_t every_ns, bool other_master);

#endif
