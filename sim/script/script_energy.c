/* Energies at the start. See script_energy.h. */
#include "sim/script/script_energy.h"
#include "core/quantity.h"
#include "sim/lua/args.h"

/* In the order of enum energy_kind: the total's reading and the first phase's. */
static const struct {
    enum quantity total, phase_a;
    enum dimension dimension;
} rows[ENERGY_KINDS] = {
    [ENERGY_IMPORT] = { Q_KWH_IMPORT, Q_KWH_IMPORT_A, DIMENSION_ENERGY },
    [ENERGY_EXPORT] = { Q_KWH_EXPORT, Q_KWH_EXPORT_A, DIMENSION_ENERGY },
    [ENERGY_Q1] = { Q_KVARH_Q1, Q_KVARH_Q1_A, DIMENSION_REACTIVE_ENERGY },
    [ENERGY_Q2] = { Q_KVARH_Q2, Q_KVARH_Q2_A, DIMENSION_REACTIVE_ENERGY },
    [ENERGY_Q3] = { Q_KVARH_Q3, Q_KVARH_Q3_A, DIMENSION_REACTIVE_ENERGY },
    [ENERGY_Q4] = { Q_KVARH_Q4, Q_KVARH_Q4_A, DIMENSION_REACTIVE_ENERGY },
    [ENERGY_S_IMPORT] = { Q_KVAH_IMPORT, Q_KVAH_IMPORT_A, DIMENSION_APPARENT_ENERGY },
    [ENERGY_S_EXPORT] = { Q_KVAH_EXPORT, Q_KVAH_EXPORT_A, DIMENSION_APPARENT_ENERGY },
};

static enum quantity quantity_of(int kind, int owner)
{
    return owner == ENERGY_TOTAL ? rows[kind].total
                                 : (enum quantity)(rows[kind].phase_a + owner);
}

void script_energy_names(const char *names[SCRIPT_ENERGY_FIELDS])
{
    for (int k = 0; k < SCRIPT_ENERGY_FIELDS; k++)
        names[k] =
            quantity_table[quantity_of(k / ENERGY_OWNERS, k % ENERGY_OWNERS)].name;
}

static void add_net(struct site_meter *m, int kind, double kilo)
{
    if (kind == ENERGY_IMPORT || kind == ENERGY_EXPORT)
        m->energies.read[Q_KWH_NET] += kind == ENERGY_EXPORT ? -kilo : kilo;
    if (kind == ENERGY_S_IMPORT || kind == ENERGY_S_EXPORT)
        m->energies.read[Q_KVAH_NET] += kind == ENERGY_S_EXPORT ? -kilo : kilo;
}

void script_energy_parse(lua_State *L, struct site_meter *m, struct unit_factory *f)
{
    for (int k = 0; k < SCRIPT_ENERGY_FIELDS; k++) {
        int kind = k / ENERGY_OWNERS, owner = k % ENERGY_OWNERS;
        enum quantity q = quantity_of(kind, owner);
        const char *field = quantity_table[q].name;
        double kilo = 0;
        if (!args_quantity(L, 1, "meter", field, rows[kind].dimension, &kilo))
            continue;
        const char *what = lua_pushfstring(L, "meter: %s", field);
        args_range(L, kilo, 0, 1e10, what);
        lua_pop(L, 1);
        f->energy_mwh[owner][kind] = (uint64_t)(kilo * 1e6 + 0.5);
        m->energies.read[q] += kilo;
        if (owner == ENERGY_TOTAL)
            add_net(m, kind, kilo);
    }
}
