/* RS-485 on USART2, driver and receiver enable on one pin. Bytes that come in are
 * queued with the time at which they ended, because framing (t1.5, t3.5) is the core's
 * and goes by time, not by how soon the main loop looks. */
#pragma once

#include "core/hal.h"

enum { RS485_FRAME = 256, RS485_QUEUE = 256 };

struct rs485_byte {
    uint64_t ended_us;
    uint8_t byte;
    uint8_t flags; /* enum meter_uart_flags */
};

struct rs485 {
    uint8_t frame[RS485_FRAME];
    uint32_t size;
    volatile uint32_t sent;
    volatile bool sending;
    uint32_t baud, next_baud; /* next: to be set when the frame has left */
    enum hal_parity parity, next_parity;
    struct rs485_byte queue[RS485_QUEUE];
    volatile uint32_t put, taken; /* each has one writer */
    volatile uint32_t lost;       /* bytes for which there was no room */
};

/* Baud rate and parity; when a frame is going out, after it. */
void rs485_configure(struct rs485 *r, uint32_t baud, enum hal_parity parity);

/* Takes the frame; the interrupt sends it. A frame that comes while one is going out,
 * or is longer than Modbus knows, is dropped. */
void rs485_send(struct rs485 *r, const uint8_t *frame, uint32_t size);

/* Has anything come in? */
bool rs485_waits(const struct rs485 *r);

/* The oldest byte that came in; false when there is none. */
bool rs485_receive(struct rs485 *r, struct rs485_byte *byte);

void rs485_interrupt(struct rs485 *r, uint64_t now_us);
