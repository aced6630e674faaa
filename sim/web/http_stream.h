/* A client's connection whose input is metered: libsoup reads as long as there is
 * something, so a client that sends without end would be the only one that is served. A
 * turn of the loop has a share of it (aside_budget), and one that holds a request's head
 * counts as a whole piece, as that is answered at once. A second has HTTP_SECOND bytes,
 * and what is no whole message yet HTTP_PENDING: beyond the first the input has nothing
 * for now, beyond the others it fails, as it does at a head that libsoup is not to see
 * (http_head.h). */
#pragma once

#include "sim/web/aside.h"
#include <gio/gio.h>

enum { HTTP_SECOND = 1 << 20, HTTP_PENDING = 1 << 18 };

/* Owns a reference to the connection. The loop outlives it. */
GIOStream *http_stream_new(GSocketConnection *connection, struct aside *loop);

GSocket *http_stream_socket(GIOStream *stream);

/* A message has come to its end. */
void http_stream_whole(GIOStream *stream);
