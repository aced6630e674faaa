/* Modbus RTU framing by time (Modbus over serial line V1.02, 2.5.1): a frame ends with
 * t3.5 of silence, a gap above t1.5 inside it breaks it. Broken, foreign, short, long
 * and damaged frames are met with silence; broadcasts are obeyed by writes, never
 * answered.
 *
 * A receiver learns of a byte when it has ended, so t3.5 runs from the end of one byte
 * to the end of the next; only so the outcome is the same however often a board ticks.
 * t1.5 and t3.5 reckon with characters of 11 bits whatever the parity, as the
 * standard's table does, and are fixed at 750 µs and 1750 µs above 19200 baud. */
#pragma once

#include "core/hal.h"

enum { RTU_FRAME_MAX = 256 };

/* What the receiver found wrong with a byte; each breaks the frame. */
enum meter_uart_flags {
    METER_UART_PARITY = 1,
    METER_UART_FRAMING = 2,
    METER_UART_OVERRUN = 4
};

struct rtu {
    uint8_t frame[RTU_FRAME_MAX];
    uint16_t length; /* bytes of the frame that comes in */
    bool broken;     /* it is ignored */
    uint8_t address;
    uint16_t char_us, gap_us, silence_us; /* a character on the wire, t1.5, t3.5 */
    uint64_t last_us;                     /* when the last byte ended */
    uint64_t sent_us;                     /* the own answer is on the wire until then */
};

/* Power-up: nothing is received before t3.5 of silence (figure 14). */
void rtu_start(struct rtu *r);
void rtu_configure(struct rtu *r, uint32_t baud, enum hal_parity parity,
                   uint8_t address);

/* The request of a frame for this meter that silence has ended by now_us, and its
 * length; 0: there is none. It is to be answered with rtu_answer at once. */
int rtu_request(struct rtu *r, uint64_t now_us, const uint8_t **request);

/* Sends `size` bytes of PDU, unless the request was a broadcast or size is 0. */
void rtu_answer(struct rtu *r, struct hal *h, const uint8_t *pdu, int size,
                uint64_t now_us);

/* A byte whose last bit ended at now_us; to be called after rtu_request for that time.
 * Bytes that come while the own answer goes out are its echo and are ignored. */
void rtu_byte(struct rtu *r, uint8_t byte, unsigned flags, uint64_t now_us);

/* When rtu_request has something at the earliest; UINT64_MAX: not at all. A broken
 * frame needs no call: the next byte finds out that it has ended. */
uint64_t rtu_deadline(const struct rtu *r);
