/* The register map: writing. See registers.h and transaction.h. */
#include "core/assert.h"
#include "core/meter_state.h"
#include "core/registers.h"
#include "core/transaction.h"

enum { SINK_MAX = 32767 };

enum outcome { WRITTEN, REFUSED, READ_ONLY };

static enum outcome outcome_of(bool allowed)
{
    return allowed ? WRITTEN : REFUSED;
}

/* One register of a write. */
static enum outcome write_row(struct transaction *t, const struct model *model,
                              const struct register_row *row, enum register_kind kind,
                              uint16_t value)
{
    switch (kind) {
    case REG_COMMAND:
        return outcome_of(transaction_command(t, model, value));
    case REG_POWER_UPS:
        return outcome_of(transaction_power_ups(t, value));
    case REG_CLOCK:
        clock_set_word(&t->clock, row->arg, value);
        t->sets_clock = true;
        return WRITTEN;
    case REG_SETTING:
        return outcome_of(transaction_set(t, model, (enum setting)row->arg, value));
    case REG_SINK:
        return outcome_of(value >= 1 && value <= SINK_MAX);
    case REG_READING16:
    case REG_READING32:
    case REG_NET32:
    case REG_FLOAT:
    case REG_QNAN16:
    case REG_QNAN32F:
    case REG_STATE:
    case REG_ZERO:
    case REG_LOG_START:
    case REG_LOG_STAMP:
    case REG_LOG_WINDOW:
        return READ_ONLY;
    }
    CORE_UNREACHABLE();
}

/* Addresses are checked before values: a block with a read-only register is 02 whatever
 * its values are. */
enum modbus_exception registers_write(struct meter *m, uint16_t addr, uint16_t count,
                                      const uint16_t *words)
{
    struct transaction t;
    bool allowed = true;

    transaction_start(&t, m);
    for (uint32_t n = 0; n < count; n++) {
        enum register_kind kind;
        int word;
        const struct register_row *row =
            model_find_address(m->model, addr + n, &word, &kind);
        enum outcome outcome =
            row ? write_row(&t, m->model, row, kind, words[n]) : READ_ONLY;
        if (outcome == READ_ONLY)
            return MODBUS_ILLEGAL_ADDRESS;
        allowed = allowed && outcome == WRITTEN;
    }
    if (!allowed || (t.sets_clock && !clock_valid(&t.clock)))
        return MODBUS_ILLEGAL_VALUE;
    return transaction_commit(&t, m);
}
