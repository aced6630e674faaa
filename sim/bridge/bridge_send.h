/* Bytes of a gateway on their way to its clients, and the ends of connections. */
#pragma once

#include "sim/bridge/bridge_state.h"

/* Puts the header before the PDU and sends both as the options and the reply say. The
 * client may be gone afterwards. */
void bridge_send(struct bridge_client *c, const struct bridge_reply *r);

/* Tells the other end; the client is gone. */
void bridge_end(struct bridge_client *c, enum bridge_end how);

/* What it has asked and what is still to be sent to it know no client any more. */
void bridge_client_free(struct bridge_client *c);

/* One place may be free. */
void bridge_admit(struct bridge *b);

/* See bridge_is_waited_for. */
bool bridge_has_work(const struct bridge *b);

/* To be called when something is done: nobody may wait for anything any more. */
void bridge_rest(struct bridge *b);
