/* The Modbus TCP gateway: sockets in front of the firmware's PDU server.
 *
 * Modbus Messaging on TCP/IP Implementation Guide V1.0b. One gateway has any number of
 * listening ports; each port is a bus of units chosen by the MBAP unit id. All
 * descriptors are non-blocking and live in one epoll set, which is one source of the
 * GLib loop, so the cost does not grow with idle connections and half a frame, a silent
 * or a slow client never delays another.
 *
 * Framing rules: length below 2 or above 254: the connection is closed, after the
 * answers to what came before. Else protocol id other than 0: the frame is skipped by
 * its length, no answer. Answers go out in the order of the requests with their
 * transaction ids. A client that does not read is not read from; its output is bounded.
 * Half a frame older than frame_ms closes. All limits are rows of one table. */
#pragma once

#include "sim/gateway/gateway_limits.h"
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    GATEWAY_PDU_MAX = 253 /* Modbus application protocol V1.1b3, 4.1 */
};

/* Answers the PDU `request` (1..253 bytes) for `unit` into `answer` (GATEWAY_PDU_MAX
 * bytes). Returns its length, 0 for no answer, or -1 when no such unit is behind the
 * port: the gateway then answers exception 0x0B (gateway target device failed to
 * respond). Called on the loop's thread, between blocks of simulated time. It must not
 * free the gateway. */
typedef int (*gateway_handler)(void *user, uint8_t unit, const uint8_t *request,
                               int length, uint8_t *answer);

struct gateway_counters {
    uint64_t accepted, closed;
    uint64_t requests;        /* frames given to a handler */
    uint64_t answers;         /* answers made, exceptions among them */
    uint64_t exceptions;      /* answers with bit 7 of the function code set */
    uint64_t protocol_errors; /* foreign protocol ids and impossible lengths */
    uint64_t evicted;         /* closed to make room for a new connection */
    uint64_t timed_out;       /* closed by frame_ms, answer_ms or idle_ms */
    int open;
};

struct gateway;

/* Serves on the loop of `context` (NULL: the default one) and only while that loop
 * runs. NULL limits are the default ones. Returns NULL, with errno set, when the
 * process has no descriptor left. */
struct gateway *gateway_new(GMainContext *context, const struct gateway_limits *limits);
void gateway_free(struct gateway *g);

/* Serves what is ready now: for a thread that computes for long between two turns of
 * its loop. Called while it serves, it does nothing. */
void gateway_serve(struct gateway *g);

/* Listens on host:port (port 0: any free one) for the units that `handler` knows. The
 * host is a numeric IPv4 or IPv6 address or "localhost" (127.0.0.1); "::" takes IPv4
 * too. Returns the port, or -1 with `error` set ("cannot listen on
 * 127.0.0.1:1502: address in use; choose another with --tcp HOST:PORT"). */
int gateway_listen(struct gateway *g, const char *host, int port,
                   gateway_handler handler, void *user, GError **error);

/* A port whose answers come later, from whoever has made it: requests go out as they
 * come, and bytes and ends of connections come in at any time (gateway_relay_send,
 * gateway_relay_end). Called as handlers are; the connection may be ended by these calls.
 */
struct gateway_connection;
struct mbap_frame;
struct gateway_relay {
    /* What `request` and `closed` are given for this connection; NULL: it is reset. */
    void *(*opened)(void *user, struct gateway_connection *c);
    void (*request)(void *peer, const struct mbap_frame *request);
    /* By its client, or by a limit; not by gateway_relay_end. */
    void (*closed)(void *peer);
};
int gateway_listen_relay(struct gateway *g, const char *host, int port,
                         const struct gateway_relay *relay, void *user, GError **error);

/* What the socket does not take is kept, up to the limit of unread bytes; beyond it the
 * connection is lost, which `closed` says later. */
void gateway_relay_send(struct gateway *g, struct gateway_connection *c,
                        const uint8_t *bytes, int size);
void gateway_relay_end(struct gateway *g, struct gateway_connection *c, bool reset);

/* What crosses the sockets, for a packet capture. Connections have numbers;
 * `fd` is for its addresses. RECEIVED and SENT have bytes. */
enum gateway_traffic {
    GATEWAY_OPENED,
    GATEWAY_RECEIVED,
    GATEWAY_SENT,
    GATEWAY_RESET, /* by the gateway; GATEWAY_CLOSED follows */
    GATEWAY_CLOSED
};
typedef void (*gateway_tap)(void *user, uint64_t connection, int fd,
                            enum gateway_traffic what, const uint8_t *bytes, int size);

/* To be set before the first connection; it must outlive the gateway. */
void gateway_set_tap(struct gateway *g, gateway_tap tap, void *user);

void gateway_counters(const struct gateway *g, struct gateway_counters *counters);

/* Raises the process's soft limit of open descriptors to the hard one; returns the
 * limit that holds afterwards. A gateway that runs out of descriptors goes on: it
 * closes idle connections as if `connections` were reached. */
int gateway_raise_descriptor_limit(void);
