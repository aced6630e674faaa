/* What stopped the meter: an exception of the processor. The handler records it where a
 * reset leaves it alone and restarts the meter; the next start files it in the backup
 * registers of the RTC, which a battery keeps. */
#ifndef STM32F405_FAULT_H
#define STM32F405_FAULT_H

#include <stdbool.h>
#include <stdint.h>

struct fault {
    uint32_t magic;
    uint32_t count;     /* since the supply came */
    uint32_t exception; /* number in the vector table; 0: the watchdog */
    uint32_t pc, lr;    /* where; 0 when the stack had overflowed */
    uint32_t cfsr, hfsr, address;
    uint32_t check; /* sum of all before it */
};

/* frame: what the processor stacked, or NULL. */
void fault_record(struct fault *f, uint32_t exception, const uint32_t *frame);

/* At start: is there a record that has not been looked at? It is marked as looked at;
 * a record that is none is made empty. */
bool fault_take(struct fault *f);

void fault_restart(void);

#endif
