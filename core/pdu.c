/* The Modbus PDU server: functions 03, 04, 06, 16, 17 and 43/14 over the register map,
 * and the user-defined 0x42.
 *
 * Order of checks, from the state diagrams of the application protocol V1.1b3 (figures
 * 13, 14, 16, 22): function 01, then the request's length and quantity 03, then address
 * 02, then the application's rules 03, then execution 04. */
#include "core/pdu.h"
#include "core/factory.h"
#include "core/meter_state.h"
#include "core/pdu_identity.h"
#include "core/registers.h"
#include "core/user_function.h"

enum {
    READ_HOLDING = 0x03,
    READ_INPUT = 0x04,
    WRITE_SINGLE = 0x06,
    WRITE_MULTIPLE = 0x10,
    REPORT_SERVER_ID = 0x11,
    ENCAPSULATED = 0x2B,
    USER_DEFINED = 0x42,
    READ_MAX = 125,
    WRITE_MAX = 123
};

static uint16_t get16(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void put16(uint8_t *at, uint16_t x)
{
    at[0] = (uint8_t)(x >> 8);
    at[1] = (uint8_t)x;
}

/* Handlers return the answer's length, or minus an exception code. */

static int read_registers(struct meter *m, const uint8_t *request, int length,
                          uint8_t *answer)
{
    uint16_t words[READ_MAX];

    if (length != 5)
        return -MODBUS_ILLEGAL_VALUE;
    uint16_t addr = get16(request + 1), count = get16(request + 3);
    if (count < 1 || count > READ_MAX)
        return -MODBUS_ILLEGAL_VALUE;
    enum modbus_exception e = registers_read(m, addr, count, words);
    if (e)
        return -(int)e;
    answer[1] = (uint8_t)(2 * count);
    for (int n = 0; n < count; n++)
        put16(answer + 2 + 2 * n, words[n]);
    return 2 + 2 * count;
}

static int write_single(struct meter *m, const uint8_t *request, int length,
                        uint8_t *answer)
{
    if (length != 5)
        return -MODBUS_ILLEGAL_VALUE;
    uint16_t value = get16(request + 3);
    enum modbus_exception e = registers_write(m, get16(request + 1), 1, &value);
    for (int n = 1; n < 5; n++)
        answer[n] = request[n];
    return e ? -(int)e : 5;
}

static int write_multiple(struct meter *m, const uint8_t *request, int length,
                          uint8_t *answer)
{
    uint16_t words[WRITE_MAX];

    if (length < 6)
        return -MODBUS_ILLEGAL_VALUE;
    uint16_t count = get16(request + 3);
    if (count < 1 || count > WRITE_MAX || request[5] != 2 * count ||
        length != 6 + 2 * count)
        return -MODBUS_ILLEGAL_VALUE;
    for (int n = 0; n < count; n++)
        words[n] = get16(request + 6 + 2 * n);
    enum modbus_exception e = registers_write(m, get16(request + 1), count, words);
    for (int n = 1; n < 5; n++)
        answer[n] = request[n];
    return e ? -(int)e : 5;
}

static int report_server_id(struct meter *m, const uint8_t *request, int length,
                            uint8_t *answer)
{
    (void)request;
    if (length != 1)
        return -MODBUS_ILLEGAL_VALUE;
    return pdu_server_id(registers_server_text(m), "", PDU_SERVER_RUNS, answer);
}

static int object_text(const void *m, int object, char *text, int size)
{
    return registers_identity(m, object, text, size);
}

static int read_device_id(struct meter *m, const uint8_t *request, int length,
                          uint8_t *answer)
{
    return pdu_device_id(request, length, object_text, m, answer);
}

static int put32(uint8_t *at, uint32_t x)
{
    put16(at, (uint16_t)(x >> 16));
    put16(at + 2, (uint16_t)x);
    return 4;
}

/* Function 0x42/0x01: counters since power-up, 32 bits each: gaps of the front end below
 * a second, their length in ms, seconds without samples, blocks that were too late; then
 * the board's report: faults now, faults since power-up, its counters (hal.h). */
static int read_counters(const struct meter *m, int length, uint8_t *answer)
{
    const struct front_end *f = &m->front_end;
    const uint32_t counters[] = { f->gaps,           (uint32_t)(f->gaps_us / 1000),
                                  f->silent_seconds, m->metering.acquire.lost,
                                  m->board.faults,   m->board_faults_seen };
    int at = 3;

    if (length != 2)
        return -MODBUS_ILLEGAL_VALUE;
    answer[1] = USER_COUNTERS;
    answer[2] = sizeof counters + sizeof m->board.counter;
    for (unsigned k = 0; k < sizeof counters / sizeof *counters; k++)
        at += put32(answer + at, counters[k]);
    for (unsigned k = 0; k < HAL_COUNTERS; k++)
        at += put32(answer + at, m->board.counter[k]);
    return at;
}

static int user_defined(struct meter *m, const uint8_t *request, int length,
                        uint8_t *answer)
{
    if (length >= 2 && request[1] == USER_COUNTERS)
        return read_counters(m, length, answer);
    if (length < 2 || request[1] < USER_BOARD_FIRST || request[1] > USER_BOARD_LAST)
        return factory_answer(m, request, length, answer);
    answer[1] = request[1];
    return hal_user_function(m->hal, request, length, answer);
}

static int serve(struct meter *m, const uint8_t *request, int length, uint8_t *answer)
{
    switch (request[0]) {
    case READ_HOLDING:
    case READ_INPUT:
        return read_registers(m, request, length, answer);
    case WRITE_SINGLE:
        return write_single(m, request, length, answer);
    case WRITE_MULTIPLE:
        return write_multiple(m, request, length, answer);
    case REPORT_SERVER_ID:
        return report_server_id(m, request, length, answer);
    case ENCAPSULATED:
        return read_device_id(m, request, length, answer);
    case USER_DEFINED:
        return user_defined(m, request, length, answer);
    default:
        return -MODBUS_ILLEGAL_FUNCTION;
    }
}

int pdu_answer(struct meter *m, const uint8_t *request, int length, uint8_t *answer)
{
    if (length < 1)
        return 0;
    answer[0] = request[0];
    int size = serve(m, request, length, answer);
    if (size > 0)
        return size;
    answer[0] = request[0] | 0x80;
    answer[1] = (uint8_t)-size;
    return 2;
}
