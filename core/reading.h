/* What the registers, the panel and the host read of a meter. */
#pragma once

#include "core/quantity.h"

struct meter;

/* Readings of a quantity, in counts (see quantity.def); false when the system type has
 * no such value or it cannot be measured now. */
bool meter_reading(const struct meter *m, enum quantity q, int64_t *value);
