/* Faults of the board (fault.def) on the chips that run the flashed image. */
#pragma once

#include "hal_sim/chips/meter_board.h"
#include "hal_sim/fault.h"
#include "hal_sim/image/machine.h"

void image_fault(struct machine *m, struct meter_board *b, enum fault_id fault,
                 double value);
