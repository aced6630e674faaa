/* The independent watchdog, on its own oscillator: 1 s (0.7 to 1.9 s over its
 * tolerance). The main loop feeds it, and only when time moves; nothing else does. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct watchdog {
    uint64_t fed_us;
};

void watchdog_start(void);

/* For the reset system: 4 s (2.7 to 7.5 s), for an erase of flash stops the processor for
 * up to 2 s. */
void watchdog_start_slow(void);
void watchdog_feed(struct watchdog *w, uint64_t now_us);

/* Was the last reset the watchdog's? The answer is cleared by asking. */
bool watchdog_has_bitten(void);
