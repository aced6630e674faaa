/* The register map: writing. See registers.h. A write is built up as a candidate, which
 * nothing sees before all of it has been checked (candidate.h). */
#include "core/candidate.h"
#include "core/meter.h"
#include "core/registers.h"

enum { MOST16 = 32767 };

/* One register of a write; false when its value is refused. */
static bool take_value(const struct meter *m, const struct register_row *row,
                       enum register_kind kind, uint16_t value, struct candidate *c)
{
    switch (kind) {
    case REG_COMMAND:
        c->command = value;
        return candidate_command_known(m, value);
    case REG_POWER_UPS:
        c->power_ups = value;
        c->sets_power_ups = true;
        return value <= MOST16;
    case REG_CLOCK:
        clock_set_word(&c->clock, row->arg, value);
        c->sets_clock = true;
        return true;
    case REG_SETTING:
        return candidate_take_setting(m, (enum setting)row->arg, value, c);
    default: /* REG_SINK */
        return value >= 1 && value <= MOST16;
    }
}

static bool writable(const struct register_row *row, enum register_kind kind)
{
    return row && (kind == REG_COMMAND || kind == REG_POWER_UPS || kind == REG_CLOCK ||
                   kind == REG_SETTING || kind == REG_SINK);
}

/* Addresses are looked at before values: a block with a read-only register is 02
 * whatever its values are. */
enum modbus_exception registers_write(struct meter *m, uint16_t addr, uint16_t count,
                                      const uint16_t *words)
{
    struct candidate c = { .settings = m->settings, .clock = m->clock };
    bool allowed = true;

    for (uint32_t n = 0; n < count; n++) {
        enum register_kind kind = REG_ZERO;
        int word;
        const struct register_row *row = registers_find(m, addr + n, &word, &kind);
        if (!writable(row, kind))
            return MODBUS_ILLEGAL_ADDRESS;
        allowed = allowed && take_value(m, row, kind, words[n], &c);
    }
    if (!allowed || (c.sets_clock && !clock_valid(&c.clock)))
        return MODBUS_ILLEGAL_VALUE;
    return candidate_apply(m, &c);
}
