/* Modbus TCP of metersim serve: which meters stand behind which port and unit id, and
 * what is printed about it at the start. */
#ifndef SIM_SERVE_SERVE_TCP_H
#define SIM_SERVE_SERVE_TCP_H

#include "sim/gateway/bus.h"
#include "sim/run/scenario.h"

struct serve_tcp {
    struct sim *sim;
    struct gateway *gateway;
    const struct scenario *scenario; /* NULL: none, meters have no names */
    bool by_address;                 /* unit ids are the meters' own addresses */
    struct latency *latency;
    struct bus *bus; /* one for each port; to be freed after the gateway */
    int ports, first_port;
    int *port; /* of each bus; to be freed */
    char host[128];
};

/* HOST:PORT; 247 units a port, from that port on. What clients need goes to the end of
 * the banner. */
bool serve_tcp_listen(struct serve_tcp *t, const char *where, GString *banner,
                      GError **error);

#endif
