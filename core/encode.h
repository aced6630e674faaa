/* The state of a meter as register words: one row of the register map, or one quantity.
 * Registers, logs and SunSpec share it. */
#pragma once

#include "core/model.h"
#include "core/quantity.h"

struct meter;

/* A row as its kind is read; 16-bit registers stand in the high word. The window of the
 * logs is no row of this kind: log_read. */
uint32_t encode_row(const struct meter *m, const struct register_row *row,
                    enum register_kind kind);

/* A quantity as its 16- or 32-bit register or float. */
uint32_t encode_quantity(const struct meter *m, enum quantity q,
                         enum register_kind kind);

/* Into -32767…32767. */
uint16_t encode_16(int64_t x);
