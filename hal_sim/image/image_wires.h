/* What the modelled board is connected to in a unit: the codes of its sensors, its FRAM,
 * glass, contacts and line. What the image does there is stamped with its own time. */
#pragma once

#include "hal_sim/chips/meter_board.h"

struct image_device;

struct meter_board_wires image_wires(struct image_device *i);
