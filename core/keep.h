/* What the meter keeps in NVM, and what it says when it cannot: bit 7 of register 146,
 * which the manual leaves free, stands while the chip is silent, and as long as
 * something is lost that no second copy or check code could bring back. Loss is
 * remembered over power cycles until new content takes the place of what was lost: any
 * setting written, energies reset (for the counters, too), logs reset, a
 * calibration. */
#ifndef CORE_KEEP_H
#define CORE_KEEP_H

#include "core/nvm.h"

struct meter;

/* Power-up: all that NVM holds; what it does not hold is that of a new meter. -1 when
 * the chip does not answer: nothing in *m may then be taken for true. */
int keep_load(struct meter *m);

/* The end of a second: energies are stored, copies are compared, losses remembered. */
void keep_second(struct meter *m);

/* New content stands where something may have been lost. */
void keep_accept(struct meter *m, enum nvm_record record);

bool keep_has_lost(const struct meter *m, enum nvm_record record);

/* Bit 7 of register 146. */
bool keep_in_trouble(const struct meter *m);

#endif
