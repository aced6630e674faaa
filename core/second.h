/* The end of a second: window sums into volts, amperes and watts, and cycles into
 * energy. All in integers; called 60 blocks apart, so it may be slow and exact. */
#pragma once

#include "core/energy.h"
#include "core/metering_state.h"

void second_finish(struct metering *m, const struct window_sums *sums,
                   const struct metering_setup *setup, struct energy *energy,
                   struct second *second);
