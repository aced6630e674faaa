/* A client's connection whose input is metered: libsoup reads as long as there is
 * something, so a client that sends without end would be the only one that is served. A
 * millisecond has HTTP_PIECE bytes, a second HTTP_SECOND, and what is no whole message yet
 * HTTP_PENDING: beyond the first the input has nothing for now, beyond the others it
 * fails, as it does at a head that libsoup is not to see (http_head.h). */
#pragma once

#include <gio/gio.h>

enum { HTTP_PIECE = 1 << 15, HTTP_SECOND = 1 << 20, HTTP_PENDING = 1 << 18 };

/* Owns a reference to the connection. */
GIOStream *http_stream_new(GSocketConnection *connection);

GSocket *http_stream_socket(GIOStream *stream);

/* A message has come to its end. */
void http_stream_whole(GIOStream *stream);
