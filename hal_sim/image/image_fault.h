/* Faults of the board (fault.def) on the chips that run the flashed image. */
#ifndef HAL_SIM_IMAGE_IMAGE_FAULT_H
#define HAL_SIM_IMAGE_IMAGE_FAULT_H

#include "hal_sim/chips/meter_board.h"
#include "hal_sim/fault.h"
#include "hal_sim/image/machine.h"

void image_fault(struct machine *m, struct meter_board *b, enum fault_id fault,
                 double value);

#endif
