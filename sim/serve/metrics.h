/* A tiny HTTP server that answers GET /metrics, for Prometheus. One request per
 * connection, then it closes. Bounded: METRICS_CLIENTS at once (more are refused), a
 * request of METRICS_REQUEST bytes at most, METRICS_TIMEOUT_S for each of its parts. */
#ifndef SIM_SERVE_METRICS_H
#define SIM_SERVE_METRICS_H

#include "sim/serve/aside.h"

enum { METRICS_CLIENTS = 16, METRICS_REQUEST = 4096, METRICS_TIMEOUT_S = 5 };

struct metrics;

/* Listens on a numeric host and port (0: any free one), on this loop, and calls
 * print(user, text) for each answer. *port becomes the port. NULL with *error set. */
struct metrics *metrics_new(struct aside *loop, const char *host, int *port,
                            void (*print)(void *user, GString *text), void *user,
                            GError **error);
void metrics_free(struct metrics *m);

#endif
