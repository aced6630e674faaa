/* See meter_call.h. Numbers are big-endian; an answer begins with function, sub-function
 * and size. */
#include "sim/factory/meter_call.h"
#include "sim/program/error.h"
#include <string.h>

enum { FUNCTION = 0x42, HEAD = 3, NAME = 20, IDENTITY = 20, READ_HOLDING = 3 };
enum { MEAN_BITS = 14, DC_BITS = 8, MEANS = 4 + 12 * 8 + HAL_CHANNELS * 4 };

static uint64_t get(const uint8_t *at, int bytes)
{
    uint64_t x = 0;

    for (int k = 0; k < bytes; k++)
        x = x << 8 | at[k];
    return x;
}

static void put32(uint8_t *at, uint32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)(x >> 8 * (3 - k));
}

static const char *reason_of(int exception)
{
    static const char *const reasons[] = {
        [1] =
            ("it is not in the factory state: its factory pin (PC13) must be at ground "
             "when power comes, and it must not be sealed"),
        [3] = "a value is out of its range",
        [4] = "its memory does not answer",
    };

    return exception < (int)G_N_ELEMENTS(reasons) && reasons[exception]
               ? reasons[exception]
               : "the exception is not one of these functions";
}

/* The answer's length, which is at least `least`. */
static int ask(const struct port *p, const uint8_t *pdu, int size, uint8_t *answer,
               int least, GError **error)
{
    const int length = p->ask(p->user, pdu, size, answer, error);

    if (length >= least)
        return length;
    if (length < 0)
        error_set_code(error, ERROR_FAILED,
                       "the meter refuses 0x42 with %02X (exception %d): %s", pdu[1],
                       -length, reason_of(-length));
    else if (length > 0)
        error_set_code(error, ERROR_FAILED, "the answer to 0x42 with %02X is too short",
                       pdu[1]);
    return 0;
}

bool meter_call(const struct port *p, enum factory_function function,
                const uint8_t *data, int data_size, uint8_t *answer, int size,
                GError **error)
{
    uint8_t pdu[PORT_PDU_MAX] = { FUNCTION, (uint8_t)function }, got[PORT_PDU_MAX];

    if (data_size)
        memcpy(pdu + 2, data, (size_t)data_size);
    if (!ask(p, pdu, 2 + data_size, got, size ? HEAD + size : 2, error))
        return false;
    if (size)
        memcpy(answer, got + HEAD, (size_t)size);
    return true;
}

bool meter_identify(const struct port *p, struct meter_identity *id, GError **error)
{
    const uint8_t pdu[] = { FUNCTION, FACTORY_IDENTIFY };
    uint8_t answer[PORT_PDU_MAX];
    char name[NAME + 1] = "";
    const uint8_t *at = answer + HEAD;
    const int length = ask(p, pdu, sizeof pdu, answer, HEAD + IDENTITY + 1, error);

    if (!length)
        return false;
    id->block = (enum factory_block_state)at[0];
    id->revision = (int)get(at + 1, 2);
    id->serial = (uint32_t)get(at + 3, 4);
    id->state = at[7];
    id->seals_broken = (int)get(at + 8, 2);
    id->calibrations = (int)get(at + 10, 2);
    id->firmware = (uint32_t)get(at + 12, 4);
    id->constants_crc = (uint32_t)get(at + 16, 4);
    memcpy(name, at + IDENTITY, (size_t)MIN(length - HEAD - IDENTITY, NAME));
    id->model = model_find(name);
    if (!id->model)
        return error_set(error, "the meter is of a model that is not known here: %s",
                         name);
    return true;
}

bool meter_read_constants(const struct port *p, struct meter_constants *c,
                          GError **error)
{
    uint8_t data[4 * FACTORY_CONSTANTS];
    int32_t x[FACTORY_CONSTANTS];

    if (!meter_call(p, FACTORY_READ_CONSTANTS, NULL, 0, data, sizeof data, error))
        return false;
    for (int k = 0; k < FACTORY_CONSTANTS; k++)
        x[k] = (int32_t)get(data + 4 * k, 4);
    memcpy(c, x, sizeof *c);
    return true;
}

bool meter_write_constants(const struct port *p, const struct meter_constants *c,
                           GError **error)
{
    uint8_t data[4 * FACTORY_CONSTANTS];
    int32_t x[FACTORY_CONSTANTS];

    G_STATIC_ASSERT(sizeof *c == sizeof x);
    memcpy(x, c, sizeof x);
    for (int k = 0; k < FACTORY_CONSTANTS; k++)
        put32(data + 4 * k, (uint32_t)x[k]);
    return meter_call(p, FACTORY_WRITE_CONSTANTS, data, sizeof data, NULL, 0, error);
}

bool meter_read_means(const struct port *p, struct meter_means *m, GError **error)
{
    uint8_t data[MEANS];
    double *const groups[] = { m->vv, m->ii, m->vi, m->q };
    const uint8_t *at = data + 4;

    if (!meter_call(p, FACTORY_READ_MEANS, NULL, 0, data, sizeof data, error))
        return false;
    m->second = (uint32_t)get(data, 4);
    for (size_t g = 0; g < G_N_ELEMENTS(groups); g++)
        for (int k = 0; k < 3; k++, at += 8)
            groups[g][k] = (double)(int64_t)get(at, 8) / (1 << MEAN_BITS);
    for (int ch = 0; ch < HAL_CHANNELS; ch++, at += 4)
        m->dc[ch] = (double)(int32_t)get(at, 4) / (1 << DC_BITS);
    return true;
}

/* An answer may be lost, and the request, sent again, refused because it was obeyed. */
static bool change_seal(const struct port *p, enum factory_function function,
                        const uint8_t *data, int size, bool sealed, GError **error)
{
    struct meter_identity id;
    GError *refused = NULL;

    if (meter_call(p, function, data, size, NULL, 0, &refused))
        return true;
    if (meter_identify(p, &id, NULL) && ((id.state & FACTORY_SEALED) != 0) == sealed) {
        g_clear_error(&refused);
        return true;
    }
    return error_move(error, refused);
}

bool meter_seal(const struct port *p, GError **error)
{
    return change_seal(p, FACTORY_SEAL, NULL, 0, true, error);
}

bool meter_break_seal(const struct port *p, uint32_t serial, GError **error)
{
    uint8_t data[4];

    put32(data, serial);
    return change_seal(p, FACTORY_BREAK_SEAL, data, sizeof data, false, error);
}

bool meter_read_words(const struct port *p, int reg, int count, uint16_t *words,
                      GError **error)
{
    const uint8_t pdu[] = { READ_HOLDING, (uint8_t)((reg - 1) >> 8), (uint8_t)(reg - 1),
                            0, (uint8_t)count };
    uint8_t answer[PORT_PDU_MAX];
    const int length = p->ask(p->user, pdu, sizeof pdu, answer, error);

    if (length < 0)
        return error_set_code(error, ERROR_FAILED,
                              "the meter refuses register %d (exception %d)", reg,
                              -length);
    if (length != 2 + 2 * count)
        return error_set_code(error, ERROR_FAILED, "register %d cannot be read", reg);
    for (int k = 0; k < count; k++)
        words[k] = (uint16_t)get(answer + 2 + 2 * k, 2);
    return true;
}

bool meter_read_floats(const struct port *p, int reg, int count, double *values,
                       GError **error)
{
    uint16_t words[PORT_PDU_MAX / 2] = { 0 };

    if (!meter_read_words(p, reg, 2 * count, words, error))
        return false;
    for (int k = 0; k < count; k++) {
        const uint32_t bits = (uint32_t)words[2 * k] << 16 | words[2 * k + 1];
        float value;
        memcpy(&value, &bits, sizeof value);
        values[k] = (double)value;
    }
    return true;
}
