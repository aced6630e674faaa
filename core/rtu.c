/* Modbus RTU framing. See rtu.h. */
#include "core/rtu.h"
#include "core/assert.h"
#include "core/crc.h"
#include <string.h>

enum {
    SHORTEST = 4, /* address, function, CRC */
    AROUND_PDU = 3,
    BROADCAST = 0,
    WRITE_SINGLE = 0x06,
    WRITE_MULTIPLE = 0x10,
    FASTEST_BY_CHARACTER = 19200
};

void rtu_start(struct rtu *r)
{
    r->length = 0;
    r->broken = true;
    r->last_us = r->sent_us = 0;
}

/* Rounded up. */
static uint16_t half_bits_us(uint32_t half_bits, uint32_t baud)
{
    return (uint16_t)((half_bits * 500000 + baud - 1) / baud);
}

void rtu_configure(struct rtu *r, uint32_t baud, enum hal_parity parity,
                   uint8_t address)
{
    bool by_character = baud <= FASTEST_BY_CHARACTER;

    r->address = address;
    r->char_us = half_bits_us(parity == HAL_PARITY_NONE ? 20 : 22, baud);
    r->gap_us = by_character ? half_bits_us(33, baud) : 750;
    r->silence_us = by_character ? half_bits_us(77, baud) : 1750;
}

/* Function codes from 0x80 on are answers of others. */
static bool is_for_us(const struct rtu *r)
{
    const uint8_t function = r->frame[1];

    if (r->length < SHORTEST || crc_modbus(r->frame, r->length) != 0 || function & 0x80)
        return false;
    if (r->frame[0] == BROADCAST)
        return function == WRITE_SINGLE || function == WRITE_MULTIPLE;
    return r->frame[0] == r->address;
}

static bool has_ended(const struct rtu *r, uint64_t now_us)
{
    return now_us >= r->last_us + r->silence_us;
}

static void start_frame(struct rtu *r)
{
    r->length = 0;
    r->broken = false;
}

int rtu_request(struct rtu *r, uint64_t now_us, const uint8_t **request)
{
    if (now_us < rtu_deadline(r))
        return 0;
    if (is_for_us(r)) {
        *request = r->frame + 1;
        return r->length - AROUND_PDU;
    }
    start_frame(r);
    return 0;
}

void rtu_answer(struct rtu *r, struct hal *h, const uint8_t *pdu, int size,
                uint64_t now_us)
{
    uint8_t frame[RTU_FRAME_MAX];
    const uint32_t length = (uint32_t)size + AROUND_PDU;

    start_frame(r);
    if (r->frame[0] == BROADCAST || size == 0)
        return;
    CORE_ASSERT(length <= RTU_FRAME_MAX);
    frame[0] = r->frame[0];
    memcpy(frame + 1, pdu, (uint32_t)size);
    uint16_t crc = crc_modbus(frame, 1 + (uint32_t)size);
    frame[1 + size] = (uint8_t)crc;
    frame[2 + size] = (uint8_t)(crc >> 8);
    r->sent_us = now_us + (uint64_t)length * r->char_us;
    hal_uart_send(h, frame, length);
}

void rtu_byte(struct rtu *r, uint8_t byte, unsigned flags, uint64_t now_us)
{
    uint64_t begun_us = now_us > r->char_us ? now_us - r->char_us : 0;

    if (has_ended(r, now_us))
        start_frame(r);
    if (begun_us < r->sent_us)
        return;
    if (r->length && begun_us > r->last_us + r->gap_us)
        r->broken = true;
    if (flags || r->length == RTU_FRAME_MAX)
        r->broken = true;
    else
        r->frame[r->length++] = byte;
    r->last_us = now_us;
}

uint64_t rtu_deadline(const struct rtu *r)
{
    return r->length && !r->broken ? r->last_us + r->silence_us : UINT64_MAX;
}
