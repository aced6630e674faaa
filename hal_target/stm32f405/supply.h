/* The supply supervisor watches the store before the regulator: POWER_GOOD falls when
 * mains is gone, and the ride-through begins (100 ms at 120 V). A save takes 1 ms, so
 * there is time to wait whether mains comes back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { SUPPLY_BACK_US = 50000 }; /* good for so long: it is back */

struct supply {
    volatile bool fell; /* set by the interrupt */
    bool failing;
    uint64_t good_us; /* since when it is good again; 0: it is not */
    uint32_t failures;
};

void supply_start(struct supply *s);
void supply_interrupt(struct supply *s);

/* True while the supply fails. */
bool supply_run(struct supply *s, uint64_t now_us);
