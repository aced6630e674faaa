/* A connection or a serial line of a capture: bytes in order, cut into Modbus messages.
 * Part of exchange.h. */
#pragma once

#include "sim/traffic/exchange.h"

enum { FLOW_BYTES = 1024 };

struct flow_way {
    bool started;
    uint32_t next; /* sequence number that comes */
    int64_t at_ns; /* of the last bytes */
    int count;
    uint8_t bytes[FLOW_BYTES]; /* not yet a message */
};

struct flow {
    int number;
    bool serial;
    enum flow_framing { FLOW_OPEN, FLOW_MBAP, FLOW_RTU } framing;
    struct packet_end client, server;
    struct flow_way way[2]; /* 0: requests */
    struct exchange *last;  /* NULL: none yet */
};

struct flow_message {
    int64_t at_ns;
    bool answer; /* of a line: not known */
    uint8_t unit;
    uint16_t transaction; /* of Modbus TCP */
    const uint8_t *pdu;
    int size;
};

typedef void (*flow_message_call)(void *user, struct flow *f,
                                  const struct flow_message *message);

/* The flow of the packet, perhaps a new one. */
struct flow *flow_find(struct exchanges *x, const struct packet *p);

void flow_add(struct exchanges *x, struct flow *f, int64_t at_ns,
              const struct packet *p, flow_message_call call, void *user);
