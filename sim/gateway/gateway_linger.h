/* Waiting for a client that asks again at once, without a turn of the GLib loop for each
 * request. gateway.c has the source that does so, of the lowest priority. */
#pragma once

#include "sim/gateway/gateway_state.h"

/* False, with errno set: no descriptor is left. */
bool gateway_linger_open(struct gateway *g);
void gateway_linger_close(struct gateway *g);

/* The turn between them waits in epoll, a millisecond at most. */
void gateway_linger_begin(struct gateway *g);
void gateway_linger_end(struct gateway *g);

/* After a turn that began with so many requests and answers: if its client was alone and
 * brisk, the gateway lingers as soon as the loop has nothing else to do. */
void gateway_linger_after(struct gateway *g, const struct gateway_counters *before);
