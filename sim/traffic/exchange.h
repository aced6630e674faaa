/* Modbus in the packets of a capture: requests with their answers, in order. Modbus TCP,
 * RTU over TCP and RTU frames are told apart by what stands there. */
#pragma once

#include "sim/traffic/packet.h"
#include <glib.h>

enum { EXCHANGE_PDU = 253 };

struct exchange {
    int64_t at_ns, answered_ns; /* of the capture; answered_ns -1: not at all */
    uint8_t unit;
    int flow; /* connection or line, from 0 */
    uint16_t transaction;
    uint8_t request[EXCHANGE_PDU], answer[EXCHANGE_PDU];
    uint8_t request_size, answer_size;
    bool repeats; /* the same as the one before it, which had no answer */
};

struct exchanges {
    GPtrArray *all; /* struct exchange, by time */
    GPtrArray *flows;
    long packets, foreign; /* packets without Modbus in them */
    long lost;             /* holes in connections */
    long broken;           /* bytes that are no frame, frames with a wrong checksum */
    long unasked;          /* answers without a request */
};

struct exchanges *exchanges_new(void);
void exchanges_free(struct exchanges *x); /* NULL is allowed */

/* Packets in the order of their time. */
void exchanges_add(struct exchanges *x, int64_t at_ns, const struct packet *p);
