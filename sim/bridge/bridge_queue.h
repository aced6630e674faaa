/* Requests of a gateway on their way to the line, one after the other. */
#pragma once

#include "sim/bridge/bridge_state.h"

/* A request of a client that is served; its client may be gone afterwards. */
void bridge_queue_ask(struct bridge *b, const struct bridge_ask *a);

/* Nothing is asked any more. */
void bridge_queue_clear(struct bridge *b);
