/* What the files of the unit share. */
#ifndef HAL_SIM_UNIT_PARTS_H
#define HAL_SIM_UNIT_PARTS_H

#include "hal_sim/unit.h"

/* Sample n (from 1) of the present clock grid comes at its origin + n ÷ rate; exact. */
int64_t unit_sample_ns(const struct unit *u, int64_t n);

/* Control power as supply_dips wants it now. */
void unit_dip(struct unit *u);

#endif
