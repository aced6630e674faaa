/* The factory state. See factory.h. Numbers in requests and answers are big-endian. */
#include "core/factory.h"
#include "core/crc.h"
#include "core/factory_block.h"
#include "core/identity.h"
#include "core/menu.h"
#include "core/meter_state.h"
#include "core/persist.h"
#include "core/records.h"
#include "core/transaction.h"
#include <string.h>

enum {
    PPM_MAX = 100000,  /* ten per cent: no part is so far off that works */
    URAD_MAX = 100000, /* 6 degrees */
    HEAD = 2,          /* of a request */
    DATA = 3,          /* behind function, sub-function and size in an answer */
    NAME = 20
};

static uint32_t get32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static uint8_t *put(uint8_t *at, uint64_t x, int bytes)
{
    for (int k = 0; k < bytes; k++)
        at[k] = (uint8_t)(x >> 8 * (bytes - 1 - k));
    return at + bytes;
}

static int finish(uint8_t *answer, const uint8_t *end)
{
    const int size = (int)(end - answer);

    answer[2] = (uint8_t)(size - DATA);
    return size;
}

static bool has_pin(const struct meter *m)
{
    return m->board.faults & HAL_FACTORY_PIN;
}

static bool is_sealed(const struct meter *m)
{
    return m->factory.seal.sealed || persist_has_lost(m, NVM_SEAL);
}

/* Is the meter in the factory state? */
static bool is_open(const struct meter *m)
{
    return has_pin(m) && !m->waiting && !is_sealed(m);
}

/* Gains in ppm, offsets in codes², angles in µrad, as they stand in the structure. */
static void constants_of(const struct calibration *c, int32_t x[FACTORY_CONSTANTS])
{
    memcpy(x, c->gain_ppm, sizeof c->gain_ppm);
    memcpy(x + HAL_CHANNELS, c->offset_codes2, sizeof c->offset_codes2);
    memcpy(x + 2 * HAL_CHANNELS, c->phase_urad, sizeof c->phase_urad);
}

static uint8_t *put_constants(uint8_t *at, const struct calibration *c)
{
    int32_t x[FACTORY_CONSTANTS];

    constants_of(c, x);
    for (int k = 0; k < FACTORY_CONSTANTS; k++)
        at = put(at, (uint32_t)x[k], 4);
    return at;
}

static uint32_t constants_crc(const struct calibration *c)
{
    uint8_t bytes[4 * FACTORY_CONSTANTS];

    put_constants(bytes, c);
    return crc_ieee(bytes, sizeof bytes);
}

/* State of the block, revision, serial number, state and counters of the seal, firmware,
 * CRC of the constants, name of the model. */
static int identify(struct meter *m, uint8_t *answer)
{
    const struct seal *seal = &m->factory.seal;
    uint8_t *at = answer + DATA;

    at = put(at, hal_fact(m->hal, HAL_BLOCK_STATE), 1);
    at = put(at, hal_fact(m->hal, HAL_BOARD_REVISION), 2);
    at = put(at, hal_serial_number(m->hal), 4);
    at = put(at,
             (has_pin(m) ? FACTORY_PIN : 0u) | (is_sealed(m) ? FACTORY_SEALED : 0u) |
                 (is_open(m) ? FACTORY_OPEN : 0u),
             1);
    at = put(at, seal->broken, 2);
    at = put(at, seal->calibrations, 2);
    at = put(at, METER_FIRMWARE_VERSION, 4);
    at = put(at, constants_crc(&m->calibration), 4);
    for (int k = 0; k < NAME && m->model->name[k]; k++)
        *at++ = (uint8_t)m->model->name[k];
    return finish(answer, at);
}

static int read_constants(struct meter *m, uint8_t *answer)
{
    return finish(answer, put_constants(answer + DATA, &m->calibration));
}

static bool is_within(int32_t x, int32_t limit)
{
    return x >= -limit && x <= limit;
}

static bool constants_allowed(const struct calibration *c)
{
    for (int ch = 0; ch < HAL_CHANNELS; ch++)
        if (!is_within(c->gain_ppm[ch], PPM_MAX) || c->offset_codes2[ch] < 0)
            return false;
    for (int k = 0; k < 3; k++)
        if (!is_within(c->phase_urad[k], URAD_MAX))
            return false;
    return true;
}

static int store_seal(struct meter *m, const struct seal *seal)
{
    if (nvm_save(&m->nvm, m->hal, NVM_SEAL, &seal_layout, seal))
        return -MODBUS_DEVICE_FAILURE;
    m->factory.seal = *seal;
    persist_accept(m, NVM_SEAL);
    return 0;
}

static int write_constants(struct meter *m, const uint8_t *data)
{
    struct calibration c;
    struct seal seal = m->factory.seal;
    int32_t x[FACTORY_CONSTANTS];

    for (int k = 0; k < FACTORY_CONSTANTS; k++)
        x[k] = (int32_t)get32(data + 4 * k);
    memcpy(c.gain_ppm, x, sizeof c.gain_ppm);
    memcpy(c.offset_codes2, x + HAL_CHANNELS, sizeof c.offset_codes2);
    memcpy(c.phase_urad, x + 2 * HAL_CHANNELS, sizeof c.phase_urad);
    if (!constants_allowed(&c))
        return -MODBUS_ILLEGAL_VALUE;
    if (transaction_calibrate(m, &c))
        return -MODBUS_DEVICE_FAILURE;
    seal.calibrations++;
    return store_seal(m, &seal);
}

/* Of the last second, without constants but the offsets: codes² · 2^14 of voltages,
 * currents, active and reactive products, then means of the codes · 2^8; before them
 * which second it was. */
static int read_means(struct meter *m, uint8_t *answer)
{
    const struct means *a = &m->metering.means;
    const int64_t *const groups[] = { a->vv, a->ii, a->vi, a->q };
    uint8_t *at = put(answer + DATA, m->seconds, 4);

    for (unsigned g = 0; g < sizeof groups / sizeof *groups; g++)
        for (int k = 0; k < 3; k++)
            at = put(at, (uint64_t)groups[g][k], 8);
    for (int k = 0; k < 3; k++)
        at = put(at, (uint32_t)a->dc_v[k], 4);
    for (int k = 0; k < 3; k++)
        at = put(at, (uint32_t)a->dc_i[k], 4);
    return finish(answer, at);
}

/* Outputs of the mask are driven so until something else drives them; the others are put
 * back to what the meter wants of them. */
static int drive_outputs(struct meter *m, const uint8_t *data)
{
    for (unsigned which = 0; which < HAL_OUTPUTS; which++)
        hal_output(m->hal, (enum hal_output)which,
                   (data[0] >> which & 1 ? data[1] : m->outputs) >> which & 1);
    return 0;
}

static int show_segments(struct meter *m, const uint8_t *memory)
{
    m->lcd.held = memory != NULL;
    if (memory) {
        memcpy(m->lcd.memory, memory, HAL_LCD_SIZE);
        hal_lcd_write(m->hal, 0, memory, HAL_LCD_SIZE);
    } else {
        m->settings_changed = true;
        menu_follow_settings(m);
    }
    return 0;
}

static int read_keys(struct meter *m, uint8_t *answer)
{
    uint8_t *at = put(answer + DATA, m->menu.keys.raw, 1);

    at = put(at, m->factory.keys_seen, 1);
    m->factory.keys_seen = m->menu.keys.raw;
    return finish(answer, at);
}

static int read_clock(struct meter *m, uint8_t *answer)
{
    return finish(answer, put(answer + DATA, hal_fact(m->hal, HAL_RTC_SECOND_NS), 4));
}

static void fill(uint8_t area[FACTORY_AREA], uint8_t first, uint8_t invert)
{
    for (int k = 0; k < FACTORY_AREA; k++)
        area[k] = (uint8_t)((first + 31 * k) ^ invert);
}

struct areas {
    uint32_t address[2];
    uint8_t kept[2][FACTORY_AREA];
};

/* A pattern to each area, then both are read: what the second write left of the first
 * one shows whether their addresses differ. */
static unsigned try_pattern(struct meter *m, const struct areas *a, uint8_t invert)
{
    uint8_t pattern[2][FACTORY_AREA], there[2][FACTORY_AREA];
    int silent = 0;

    for (int k = 0; k < 2; k++) {
        fill(pattern[k], k ? 0x5B : 0xA4, invert);
        silent |= nvm_write(&m->nvm, m->hal, a->address[k], pattern[k], FACTORY_AREA);
    }
    for (int k = 0; k < 2; k++)
        silent |= nvm_read(&m->nvm, m->hal, a->address[k], there[k], FACTORY_AREA);
    if (silent)
        return FACTORY_MEMORY_SILENT;
    if (!memcmp(there[0], pattern[1], FACTORY_AREA))
        return FACTORY_MEMORY_ALIAS;
    return memcmp(there, pattern, sizeof there) ? FACTORY_MEMORY_DIFFERS : 0;
}

static unsigned restore(struct meter *m, const struct areas *a)
{
    uint8_t there[FACTORY_AREA];
    unsigned result = 0;

    for (int k = 1; k >= 0; k--)
        nvm_write(&m->nvm, m->hal, a->address[k], a->kept[k], FACTORY_AREA);
    for (int k = 0; k < 2; k++)
        if (nvm_read(&m->nvm, m->hal, a->address[k], there, FACTORY_AREA) ||
            memcmp(there, a->kept[k], FACTORY_AREA))
            result = FACTORY_MEMORY_NOT_RESTORED;
    return result;
}

static int test_memory(struct meter *m, const uint8_t *data, uint8_t *answer)
{
    struct areas a = { .address = { get32(data), get32(data + 4) } };
    unsigned result = 0;

    for (int k = 0; k < 2; k++)
        if (a.address[k] > HAL_NVM_SIZE - FACTORY_AREA ||
            a.address[k] % FACTORY_AREA != 0)
            return -MODBUS_ILLEGAL_VALUE;
    if (a.address[0] == a.address[1])
        return -MODBUS_ILLEGAL_VALUE;
    for (int k = 0; k < 2; k++)
        if (nvm_read(&m->nvm, m->hal, a.address[k], a.kept[k], FACTORY_AREA))
            result = FACTORY_MEMORY_SILENT;
    if (!result) {
        result = try_pattern(m, &a, 0) | try_pattern(m, &a, 0xFF);
        result |= restore(m, &a);
    }
    return finish(answer, put(answer + DATA, result, 1));
}

static int seal_meter(struct meter *m)
{
    struct seal seal = m->factory.seal;
    static const uint8_t nothing[2];

    seal.sealed = 1;
    if (store_seal(m, &seal))
        return -MODBUS_DEVICE_FAILURE;
    drive_outputs(m, nothing);
    return show_segments(m, NULL);
}

/* By whoever has the pin at ground and knows which meter it is. */
static int break_seal(struct meter *m, const uint8_t *data)
{
    struct seal seal = m->factory.seal;

    if (get32(data) != hal_serial_number(m->hal))
        return -MODBUS_ILLEGAL_VALUE;
    seal.sealed = 0;
    seal.broken++;
    return store_seal(m, &seal);
}

/* Bytes behind the sub-function; -1: there is no such one. */
static int request_data(const uint8_t *request, int length)
{
    switch (request[1]) {
    case FACTORY_READ_CONSTANTS:
    case FACTORY_READ_MEANS:
    case FACTORY_READ_KEYS:
    case FACTORY_READ_CLOCK:
    case FACTORY_SEAL:
        return 0;
    case FACTORY_WRITE_CONSTANTS:
        return 4 * FACTORY_CONSTANTS;
    case FACTORY_DRIVE_OUTPUTS:
        return 2;
    case FACTORY_SHOW_SEGMENTS:
        return length == HEAD ? 0 : HAL_LCD_SIZE;
    case FACTORY_TEST_MEMORY:
        return 8;
    case FACTORY_BREAK_SEAL:
        return 4;
    default:
        return -1;
    }
}

static bool is_offered(const struct meter *m, uint8_t function)
{
    if (function == FACTORY_BREAK_SEAL)
        return has_pin(m) && !m->waiting && is_sealed(m);
    return is_open(m);
}

static int read_something(struct meter *m, const uint8_t *request, uint8_t *answer)
{
    switch (request[1]) {
    case FACTORY_READ_CONSTANTS:
        return read_constants(m, answer);
    case FACTORY_READ_MEANS:
        return read_means(m, answer);
    case FACTORY_READ_KEYS:
        return read_keys(m, answer);
    case FACTORY_READ_CLOCK:
        return read_clock(m, answer);
    default:
        return test_memory(m, request + HEAD, answer);
    }
}

/* What has no answer but itself. */
static int do_something(struct meter *m, const uint8_t *request, int length)
{
    switch (request[1]) {
    case FACTORY_WRITE_CONSTANTS:
        return write_constants(m, request + HEAD);
    case FACTORY_DRIVE_OUTPUTS:
        return drive_outputs(m, request + HEAD);
    case FACTORY_SHOW_SEGMENTS:
        return show_segments(m, length == HEAD ? NULL : request + HEAD);
    case FACTORY_SEAL:
        return seal_meter(m);
    case FACTORY_BREAK_SEAL:
        return break_seal(m, request + HEAD);
    default:
        return 1;
    }
}

int factory_answer(struct meter *m, const uint8_t *request, int length, uint8_t *answer)
{
    int result;

    if (length < HEAD)
        return -MODBUS_ILLEGAL_FUNCTION;
    answer[1] = request[1];
    if (request[1] == FACTORY_IDENTIFY)
        return length == HEAD ? identify(m, answer) : -MODBUS_ILLEGAL_VALUE;
    const int data = request_data(request, length);
    if (data < 0 || !is_offered(m, request[1]))
        return -MODBUS_ILLEGAL_FUNCTION;
    if (length != HEAD + data)
        return -MODBUS_ILLEGAL_VALUE;
    result = do_something(m, request, length);
    if (result <= 0)
        return result ? result : HEAD;
    return read_something(m, request, answer);
}
