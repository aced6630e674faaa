/* Modbus TCP of metersim serve: which meters stand behind which port and unit id, and
 * what is printed about it at the start. */
#pragma once

#include "sim/gateway/bus.h"
#include "sim/run/scenario.h"
#include "sim/serve/serve_bridge.h"

struct serve_tcp {
    struct sim *sim;
    struct gateway *gateway;
    const struct scenario *scenario; /* NULL: none, meters have no names */
    bool by_address;                 /* unit ids are the meters' own addresses */
    struct latency *latency;
    struct bus *bus; /* one for each port, but for those of bridges */
    int ports, first_port;
    int *port;                     /* of each */
    struct serve_bridge **bridges; /* one for each port; NULL: there are none */
    char host[128];
};

/* HOST:PORT; 247 units a port, from that port on. What clients need goes to the end of
 * the banner. */
bool serve_tcp_listen(struct serve_tcp *t, const char *where, GString *banner,
                      GError **error);

/* Where a meter answers; *port -1: nowhere. */
void serve_tcp_place(const struct serve_tcp *t, int index, int *port, int *unit);

/* After the gateway. */
void serve_tcp_free(struct serve_tcp *t);
