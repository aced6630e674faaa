/* A gateway of the field between Modbus TCP and one RS-485 line, in simulated time:
 * requests go over the line one after the other, each in as long as its bytes take, and
 * what may go wrong in such a box goes wrong here. It knows no sockets: connections and
 * requests come in as calls, answers go out as calls of a peer. What it does is in
 * bridge_options.h; the faults of the family "gateway" (hal_sim/fault.def) of the meter
 * that is asked act on its answers.
 *
 * Same seed and same calls at the same simulated times: same answers at the same times.
 * Bridges belong to their simulation, which frees them. */
#pragma once

#include "sim/bridge/bridge_options.h"
#include "sim/line/line.h"

struct bridge;
struct bridge_client;

enum bridge_end { BRIDGE_CLOSE, BRIDGE_RESET };

/* The other end of a connection. Called at simulated times, and from within
 * bridge_request. */
struct bridge_peer {
    void (*send)(void *user, const uint8_t *bytes, int size); /* a TCP segment */
    /* The gateway ends the connection: its client is gone when this is called. */
    void (*end)(void *user, enum bridge_end how);
};

/* NULL when there are too many stations on the line. */
struct bridge *bridge_new(struct line *l, const struct bridge_options *o);

/* The gateways of a simulation in the order in which they were made; NULL beyond. */
struct bridge *bridge_at(const struct sim *s, int index);
/* NULL: none is at this line. */
struct bridge *bridge_of_line(const struct line *l);

struct line *bridge_line(const struct bridge *b);
const struct bridge_options *bridge_options_of(const struct bridge *b);
/* Of its serial port. */
int bridge_baud(const struct bridge *b);
/* From the next request on. */
void bridge_set_options(struct bridge *b, const struct bridge_options *o);

/* A connection is there. NULL: it is refused, and to be reset. */
struct bridge_client *bridge_connect(struct bridge *b, const struct bridge_peer *peer,
                                     void *user);
/* It has ended from its other end: what it has asked is asked nevertheless. */
void bridge_disconnect(struct bridge_client *c);
/* A PDU of 1 to 253 bytes. The client may be gone when this returns. */
void bridge_request(struct bridge_client *c, uint16_t transaction, uint8_t unit,
                    const uint8_t *pdu, int size);

/* Somebody waits for what needs simulated time; changed(user, true) is called when
 * somebody may have begun to, and changed(user, false) when nobody does any more. */
bool bridge_is_waited_for(const struct bridge *b);
void bridge_on_change(struct bridge *b, void (*changed)(void *user, bool waited),
                      void *user);

struct bridge_counters {
    int64_t requests, answers, exceptions; /* answers: exceptions among them */
    int64_t full, dead, cached, refused, evicted;
    int clients, waiting; /* now */
};
void bridge_counters(const struct bridge *b, struct bridge_counters *counters);
