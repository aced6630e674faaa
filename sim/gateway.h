/* The Modbus TCP gateway: sockets in front of the firmware's PDU server.
 *
 * Modbus Messaging on TCP/IP Implementation Guide V1.0b. One gateway has any number of
 * listening ports; each port is a bus of units chosen by the MBAP unit id. All
 * descriptors are non-blocking and live in one epoll set, which is one source of the
 * GLib loop, so the cost does not grow with idle connections and half a frame, a silent
 * or a slow client never delays another.
 *
 * Framing rules: protocol id other than 0: the frame is skipped by its length, no
 * answer. Length below 2 or above 254: the connection is closed. Answers go out in the
 * order of the requests with their transaction ids. A client that does not read is not
 * read from; its output is bounded. Half a frame older than partial_s closes. */
#ifndef SIM_GATEWAY_H
#define SIM_GATEWAY_H

#include <glib.h>
#include <stdint.h>

enum {
    GATEWAY_PDU_MAX = 253 /* Modbus application protocol V1.1b3, 4.1 */
};

/* Answers the PDU `request` for `unit` into `answer` (GATEWAY_PDU_MAX bytes).
 * Returns its length, 0 for no answer, or -1 when no such unit is behind the port: the
 * gateway then answers exception 0x0B (gateway target device failed to respond).
 * Called on the loop's thread, between blocks of simulated time. */
typedef int (*gateway_handler)(void *user, uint8_t unit, const uint8_t *request,
                               int length, uint8_t *answer);

/* Limits, all per gateway, all stated to users by `metersim serve --help`. */
struct gateway_limits {
    int connections;   /* beyond: the oldest idle one is closed; default 6000 */
    double partial_s;  /* half a frame may wait this long; default 15 */
    double write_s;    /* a client may refuse to read this long; default 30 */
    double idle_s;     /* a silent connection may live this long; 0 = for ever, default 0 */
    int output_bytes;  /* unread answers kept per connection; default 65536 */
};

struct gateway_counters {
    uint64_t accepted, closed, requests, answers, exceptions, protocol_errors;
    int open;
};

struct gateway;

struct gateway *gateway_new(GMainContext *context, const struct gateway_limits *limits);
void gateway_free(struct gateway *g);
void gateway_default_limits(struct gateway_limits *limits);

/* Listens on host:port (port 0: any free one) for the units that `handler` knows.
 * Returns the port, or -1 with `error` set ("cannot listen on 127.0.0.1:1502: address
 * in use; choose another with --tcp HOST:PORT"). */
int gateway_listen(struct gateway *g, const char *host, int port, gateway_handler handler,
                   void *user, GError **error);

void gateway_counters(const struct gateway *g, struct gateway_counters *counters);

#endif
