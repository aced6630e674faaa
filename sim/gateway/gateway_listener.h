/* Listening ports of the gateway. */
#pragma once

#include "sim/gateway/gateway_state.h"

/* See gateway_listen. */
int gateway_listener_open(struct gateway *g, const char *host, int port,
                          gateway_handler handler, const struct gateway_relay *relay,
                          void *user, GError **error);
void gateway_listener_event(struct gateway *g, struct gateway_listener *l);
void gateway_listener_resume(struct gateway *g, struct gateway_listener *l);
void gateway_listener_free(gpointer listener);
