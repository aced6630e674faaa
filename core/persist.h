/* What the meter stores in NVM, and what it says when it cannot: bit 7 of register 146,
 * which the manual leaves free, stands while the chip is silent, and as long as
 * something is lost that no second copy or check code could bring back. Loss is
 * remembered over power cycles until new content takes the place of what was lost: any
 * setting written, energies reset (for the counters, too), logs reset, a
 * calibration. */
#pragma once

#include "core/nvm.h"

struct meter;

/* Power-up: all that NVM holds but the logs; what it does not hold is that of a new
 * meter. -1 when the chip does not answer: nothing in *m may then be relied on. */
int persist_load(struct meter *m);

/* Counts the power-up, and what was found lost. */
void persist_power_up(struct meter *m);

/* Energies, pulse counts and maximum demands; -1 when the chip does not answer. */
int persist_energy(struct meter *m);

/* The same with the energy that is not accumulated yet (unfinished.h), which stays where
 * it is. -1, too, while it is not known what NVM holds. */
int persist_unfinished(struct meter *m);

/* The end of a second: energies are stored, copies are scrubbed, losses remembered. */
void persist_second(struct meter *m);

/* New content stands where something may have been lost. */
void persist_accept(struct meter *m, enum nvm_record record);

bool persist_has_lost(const struct meter *m, enum nvm_record record);

/* Bit 7 of register 146. */
bool persist_in_trouble(const struct meter *m);
