/* The table of faults. See fault.h. */
#include "hal_sim/fault.h"

const struct fault_row fault_table[FAULTS] = {
#define F(id, name, family, per_phase, unit, min, max, neutral, usual, text)           \
    { name, FAULT_FAMILY_##family, per_phase, unit, min, max, neutral, usual, text },
#include "hal_sim/fault.def"
#undef F
};

const struct faults faults_none = { {
#define F(id, name, family, per_phase, unit, min, max, neutral, usual, text)           \
    { neutral, neutral, neutral },
#include "hal_sim/fault.def"
#undef F
} };

void fault_clear_all(struct faults *f)
{
    *f = faults_none;
}

bool fault_is_any(const struct faults *f)
{
    for (int id = 0; id < FAULTS; id++)
        for (int k = 0; k < 3; k++)
            if (f->value[id][k] != fault_table[id].neutral)
                return true;
    return false;
}

const char *fault_family_name(enum fault_family family)
{
    static const char *const names[] = { "grid",  "CT",  "rope CT", "inputs",
                                         "meter", "bus", "gateway", "board" };
    return names[family];
}
