/* The table of faults (rows in fault.def) and the values in force for one unit. */
#pragma once

#include <stdbool.h>

enum fault_id {
#define F(id, name, family, per_phase, unit, min, max, neutral, usual, text) FAULT_##id,
#include "hal_sim/fault.def"
#undef F
    FAULTS
};

enum fault_family {
    FAULT_FAMILY_GRID,
    FAULT_FAMILY_CT,
    FAULT_FAMILY_ROPE,
    FAULT_FAMILY_INPUT,
    FAULT_FAMILY_METER,
    FAULT_FAMILY_BUS,
    FAULT_FAMILY_GATEWAY,
    FAULT_FAMILY_BOARD
};

struct fault_row {
    const char *name;
    enum fault_family family;
    int per_phase;
    const char *unit;
    double min, max, neutral, usual;
    const char *text;
};

extern const struct fault_row fault_table[FAULTS];

/* Values in force; those that are not per phase stand in [0]. */
struct faults {
    double value[FAULTS][3];
};

/* None is in force. */
extern const struct faults faults_none;

void fault_clear_all(struct faults *f);
bool fault_is_any(const struct faults *f);

const char *fault_family_name(enum fault_family family);
