/* What stopped the meter: an exception of the processor, or an assertion of core. The
 * handler records it where a reset leaves it alone and restarts the meter; the next
 * start files it in the backup registers of the RTC, which a battery keeps. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Above the numbers of the vector table. */
enum { FAULT_ASSERTION = 0x1000 };

struct fault {
    uint32_t magic;
    uint32_t count; /* since the supply came */
    /* Number in the vector table; 0: the watchdog; or FAULT_ASSERTION. */
    uint32_t exception;
    /* Where; 0 when the stack had overflowed. lr of an assertion: its line in the source
     * that pc leads to. */
    uint32_t pc, lr;
    uint32_t cfsr, hfsr, address;
    uint32_t check; /* sum of all before it */
};

/* frame: what the processor stacked, or NULL. */
void fault_record(struct fault *f, uint32_t exception, const uint32_t *frame);

void fault_record_assertion(struct fault *f, uint32_t pc, uint32_t line);

/* At start: is there a record that has not been fetched? It is marked as fetched; a
 * record that is none is made empty. */
bool fault_fetch(struct fault *f);

void fault_restart(void);
