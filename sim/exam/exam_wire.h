/* What crossed the client's connections: frames of Modbus TCP with simulated times, in
 * both directions, and the beginnings and ends of connections. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/gateway/mbap.h"
#include "sim/plant/sim.h"

enum exam_frame_kind {
    EXAM_OPENED,
    EXAM_REQUEST,
    EXAM_ANSWER,
    EXAM_RESET, /* by the gateway */
    EXAM_CLOSED
};

struct exam_frame {
    enum exam_frame_kind kind;
    int64_t ns;
    unsigned connection;
    uint16_t transaction;
    uint8_t unit;
    int size; /* of the PDU; 0: no frame */
    uint8_t pdu[GATEWAY_PDU_MAX];
};

struct packet_file;
struct exam_wire {
    struct sim *sim;
    struct packet_file *pcap; /* all goes there, too; NULL: not */
    GArray *frames;           /* of struct exam_frame */
    GHashTable *streams;
    /* Called for each; NULL: nobody wants to know. */
    void (*seen)(void *user, const struct exam_frame *f);
    void *user;
};

struct exam_wire *exam_wire_new(struct sim *sim, struct packet_file *pcap);
void exam_wire_free(struct exam_wire *w);

/* A gateway_tap; user: the wire. */
void exam_wire_tap(void *user, uint64_t connection, int fd, enum gateway_traffic what,
                   const uint8_t *bytes, int size);

/* Of a read request (functions 03 and 04): first register (base 1) and count. */
bool exam_frame_read(const struct exam_frame *f, int *reg, int *count);
/* The code of an answer that is an exception, or 0. */
int exam_frame_exception(const struct exam_frame *f);

/* "   6.021 s  #1 tid 17 unit 1  request 03, registers 21 to 28" */
void exam_frame_print(const struct exam_frame *f, GString *to);
