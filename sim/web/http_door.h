/* One port of HTTP: libsoup's server behind a door that bounds what clients cost. One
 * request per connection, then it closes; HTTP_CLIENTS connections at once (more are
 * refused), HTTP_SECONDS for each as a whole, and a body is dropped as it comes.
 * Answers are texts, by GET and HEAD; whoever adds more to the server decides about its
 * own paths. */
#pragma once

#include "sim/web/aside.h"
#include <libsoup/soup.h>
#include <stdbool.h>

enum { HTTP_CLIENTS = 16, HTTP_SECONDS = 10 };

struct http_door;

/* Listens on a numeric host and port (0: any free one), on this loop. *port becomes the
 * port. NULL with *error set. */
struct http_door *http_door_open(struct aside *loop, const char *host, int *port,
                                 GError **error);
/* NULL is allowed. */
void http_door_close(struct http_door *d);

SoupServer *http_door_server(struct http_door *d);

/* The path answers with what print(user, text) makes. `type` must outlive the door. */
void http_door_add_text(struct http_door *d, const char *path, const char *type,
                        void (*print)(void *user, GString *text), void *user);

/* Requests are answered only when admit(user, message) is true; else it has set the
 * status. Texts are asked for it, and so are paths that do not exist. */
void http_door_guard(struct http_door *d,
                     bool (*admit)(void *user, SoupServerMessage *message), void *user);

/* The connection with this socket is a WebSocket now: the bounds are its own matter. */
void http_door_release(struct http_door *d, const GSocket *socket);
