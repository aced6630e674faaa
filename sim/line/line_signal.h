/* What the cable makes of the signal on a line (line_cable.h has the formulas), with the
 * faults of the stations: levels that are undefined, and a line that floats while nobody
 * drives. For line.c. */
#pragma once

#include "sim/line/line_state.h"

/* After a change of the cable or of a station. */
void line_signal_update(struct line *l);

/* The signal has not settled since its last edge, or is too small at the far end. */
bool line_signal_is_undefined(const struct line *l, int64_t at_ns);

/* Nobody drives any more: a receiver may take that for a 0, until noise lifts it. */
void line_signal_float(struct line *l);
