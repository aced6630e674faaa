/* Connections of the gateway. */
#pragma once

#include "sim/gateway/gateway_state.h"

/* Owns the accepted descriptor `fd`, also when it fails. */
void gateway_connection_open(struct gateway *g, const struct gateway_listener *l,
                             int fd);
void gateway_connection_event(struct gateway *g, struct gateway_connection *c,
                              uint32_t events);
void gateway_connection_close(struct gateway *g, struct gateway_connection *c);

/* Closes and drops unsent answers: the kernel keeps nothing of the connection. */
void gateway_connection_abort(struct gateway *g, struct gateway_connection *c);

/* For relays: see gateway_relay_send and gateway_relay_end. */
void gateway_connection_send(struct gateway *g, struct gateway_connection *c,
                             const uint8_t *bytes, int size);
void gateway_connection_end(struct gateway *g, struct gateway_connection *c,
                            bool reset);

/* Closes the connection that is longest without a request; false: there is none. */
bool gateway_connection_evict(struct gateway *g);
