/* The core linked into the program as a unit's device. */
#pragma once

#include "core/meter.h"
#include "hal_sim/device.h"

/* Never NULL: aborts without memory. */
struct device *device_core_new(struct hal *board, const struct model *model);

/* The meter behind it, for tests. */
struct meter *device_core_meter(struct device *d);
