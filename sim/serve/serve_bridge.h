/* Gateways of the field (sim/bridge) behind the sockets of metersim serve: a port for
 * each. Where time is held, it goes on as far as a request through a gateway needs. */
#pragma once

#include "sim/bridge/bridge.h"
#include "sim/gateway/gateway.h"
#include "sim/plant/pace.h"

struct serve_bridge;
struct serve_held;

/* A gateway for every 247 meters, and the lines that it needs; those that a scenario has
 * made stay. False with *error set. */
bool serve_bridge_make(struct sim *sim, const struct bridge_options *o, GError **error);

/* Requests from this port go through the bridge. Returns the port, or -1. The result in
 * *to is to be freed after the gateway. */
int serve_bridge_listen(struct gateway *g, struct bridge *b, const char *host, int port,
                        struct serve_bridge **to, GError **error);
void serve_bridge_free(struct serve_bridge *s);

/* That clients have had through gateways. */
uint64_t serve_bridge_exceptions(const struct sim *sim);

/* Requests through any of the simulation's gateways make held time go on. The result is
 * to be freed after the simulation; NULL: it has no gateway. */
struct serve_held *serve_held_new(struct sim *sim, struct pace *p);
