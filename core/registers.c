/* The register map: reading, writing and identification. See registers.h and
 * transaction.h. */
#include "core/registers.h"
#include "core/assert.h"
#include "core/encode.h"
#include "core/identity.h"
#include "core/log.h"
#include "core/meter_state.h"
#include "core/sunspec.h"
#include "core/transaction.h"

/* From `addr` on as many of `count` words as one row holds; 0 when no row holds it, -1
 * when NVM does not answer. Without settings nothing but the alerts is true. */
static int read_some(struct meter *m, uint32_t addr, int count, uint16_t *words)
{
    enum register_kind kind;
    int word;
    const struct register_row *row = model_find_address(m->model, addr, &word, &kind);

    if (!row && m->waiting)
        return -1;
    if (!row)
        return m->model->sunspec && addr < 0xFFFF
                   ? sunspec_read(m, (uint16_t)(addr + 1), count, words)
                   : 0;
    int left = model_register_words(kind) - word;
    count = count < left ? count : left;
    if (m->waiting && !(kind == REG_STATE && row->arg == STATE_ALERTS))
        return -1;
    if (kind == REG_LOG_WINDOW)
        return log_read(m, (unsigned)word, (unsigned)count, words) ? -1 : count;
    uint32_t value = encode_row(m, row, kind);
    for (int n = 0; n < count; n++)
        words[n] = (uint16_t)(word + n == 0 ? value >> 16 : value);
    return count;
}

enum modbus_exception registers_read(struct meter *m, uint16_t addr, uint16_t count,
                                     uint16_t *words)
{
    for (uint32_t n = 0; n < count;) {
        int got = read_some(m, addr + n, (int)(count - n), words + n);
        if (got < 0)
            return MODBUS_DEVICE_FAILURE;
        if (got == 0) {
            if (!m->fill_word || addr + n > 0xFFFF)
                return MODBUS_ILLEGAL_ADDRESS;
            words[n] = m->fill_word;
            got = 1;
        }
        n += (uint32_t)got;
    }
    return MODBUS_OK;
}

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

const char *registers_server_text(const struct meter *m)
{
    return m->model->server_text;
}

int registers_identity(const struct meter *m, int object, char *text, int size)
{
    return identity_text(m->model, (enum identity_object)object, text, size);
}
