/* The register map: reading, and identification. See registers.h; writing stands in
 * registers_write.c. */
#include "core/registers.h"
#include "core/encode.h"
#include "core/identity.h"
#include "core/log.h"
#include "core/meter_state.h"
#include "core/sunspec.h"

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

const char *registers_server_text(const struct meter *m)
{
    return m->model->server_text;
}

int registers_identity(const struct meter *m, int object, char *text, int size)
{
    return identity_text(m->model, (enum identity_object)object, text, size);
}
