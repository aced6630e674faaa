/* How the structs that the meter stores in NVM are laid out there: their numbers, one
 * after the other. A number added to one of them needs its row in records.c. */
#pragma once

#include "core/nvm.h"

extern const struct nvm_layout settings_layout, calibration_layout, counters_layout,
    stored_energy_layout, log_state_layout, seal_layout;
