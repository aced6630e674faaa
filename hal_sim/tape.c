/* The tape's records as bytes. See tape.h. */
#include "hal_sim/tape.h"
#include <string.h>

size_t tape_encode(const struct tape_record *record, uint8_t *bytes)
{
    memset(bytes, 0, TAPE_HEADER);
    bytes[0] = record->kind;
    bytes[2] = (uint8_t)record->size;
    bytes[3] = (uint8_t)(record->size >> 8);
    for (int k = 0; k < 8; k++)
        bytes[8 + k] = (uint8_t)((uint64_t)record->time_ns >> (8 * k));
    memcpy(bytes + TAPE_HEADER, record->data, record->size);
    return TAPE_HEADER + (size_t)record->size;
}

long tape_decode(struct tape_record *record, const uint8_t *bytes, size_t size)
{
    static const uint8_t zero[4];
    uint64_t time = 0;

    if (size < TAPE_HEADER)
        return 0;
    record->kind = bytes[0];
    record->size = (uint16_t)(bytes[2] | bytes[3] << 8);
    if (!record->kind || bytes[1] || memcmp(bytes + 4, zero, 4) ||
        record->size > TAPE_DATA_MOST)
        return -1;
    if (size < TAPE_HEADER + (size_t)record->size)
        return 0;
    for (int k = 0; k < 8; k++)
        time |= (uint64_t)bytes[8 + k] << (8 * k);
    record->time_ns = (int64_t)time;
    memcpy(record->data, bytes + TAPE_HEADER, record->size);
    return TAPE_HEADER + (long)record->size;
}

const char *tape_kind_name(uint8_t kind)
{
    switch (kind) {
    case TAPE_NVM_PAGE:
        return "NVM content";
    case TAPE_POWER_UP:
        return "power-up";
    case TAPE_OPTION:
        return "option";
    case TAPE_SAMPLES:
        return "samples";
    case TAPE_TURN:
        return "turn of the main loop";
    case TAPE_REQUEST:
        return "Modbus request";
    case TAPE_POWER_DOWN:
        return "power-down";
    case TAPE_UART_BYTE:
        return "UART byte";
    case TAPE_NVM_FAULT:
        return "NVM fault";
    case TAPE_KEYS:
        return "keys";
    case TAPE_ANSWER:
        return "Modbus answer";
    case TAPE_NVM_WRITE:
        return "NVM write";
    case TAPE_UART_CONFIGURE:
        return "UART configuration";
    case TAPE_UART_SEND:
        return "UART frame";
    case TAPE_LCD:
        return "LCD write";
    case TAPE_OUTPUT:
        return "output";
    case TAPE_CT_RANGE:
        return "CT input range";
    default:
        return "unknown record";
    }
}
