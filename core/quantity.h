/* The quantities of the meter: names, kinds, validity by system type (the rows stand in
 * quantity.def and quantity_kind.def), and their conversion into register integers and
 * IEEE 754 floats. */
#pragma once

#include "core/system_type.h"
#include <stdbool.h>
#include <stdint.h>

enum quantity {
#define Q(id, ...) Q_##id,
#include "core/quantity.def"
#undef Q
    QUANTITIES
};

enum quantity_unit { UNIT_A, UNIT_V, UNIT_W, UNIT_E, UNIT_PF, UNIT_HZ, UNIT_N };

enum quantity_kind {
#define K(id, ...) QUANTITY_##id,
#include "core/quantity_kind.def"
#undef K
    QUANTITY_KINDS
};

enum quantity_phase {
    PHASE_A,
    PHASE_B,
    PHASE_C,
    PHASE_AB,
    PHASE_BC,
    PHASE_CA,
    PHASE_WHOLE
};

enum quantity_role { ROLE_NOW, ROLE_DEMAND, ROLE_DEMAND_MAX, ROLE_COUNTER };

struct quantity_row {
    const char *name;
    uint8_t kind;  /* enum quantity_kind */
    uint8_t unit;  /* enum quantity_unit, of its kind */
    uint8_t role;  /* enum quantity_role; those from DEMAND_MAX on outlast power */
    uint8_t types; /* system types for which the quantity is valid: T10 … */
    uint8_t phase; /* enum quantity_phase */
};

/* "A", "kW", "kVAh" …: what a register counts at exponent 0, and a float. */
extern const char *const quantity_kind_units[QUANTITY_KINDS];

extern const struct quantity_row quantity_table[QUANTITIES];

/* A reading of unit `unit`, in its own counts, is this many counts per register unit
 * (A, V, kW, kWh, 1, Hz, 1): 10^quantity_decimals(unit). */
int quantity_decimals(enum quantity_unit unit);

/* x ÷ 10^exponent, rounded half away from zero; exponent -4…18. */
int64_t quantity_power_of_ten(int64_t x, int exponent);
uint64_t quantity_ten(int exponent); /* 10^0…10^19 */

/* num ÷ den as IEEE 754 binary32 bits, round to nearest even; den > 0. */
uint32_t quantity_float_bits(int64_t num, uint64_t den);
