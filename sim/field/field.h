/* Meters in the field as a Modbus client sees them. */
#pragma once

#include "sim/field/image.h"
#include "sim/field/place.h"

/* Reads all registers of the meter. The model is found out by function 0x11 and the
 * register map; `model` (or NULL) counts where they say nothing, and it is an error
 * that they show another. NULL with `error` set: what could not be read, where, what
 * came instead, what to do. */
struct image *field_read(const struct place *place, const struct model *model,
                         GError **error);
