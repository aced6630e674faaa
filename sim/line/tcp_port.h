/* Modbus RTU frames on a TCP port, as transparent serial servers have it: each
 * connection is a station of a simulated line (serial_port.h), so what one client asks
 * all of them hear. */
#pragma once

#include "sim/line/line.h"

enum { TCP_PORT_CLIENTS = 16 /* at once; more are closed */ };

struct tcp_port;

/* Listens on a numeric host or localhost and port (0: any free one), on the default
 * loop. *port becomes the port. NULL with *error set. */
struct tcp_port *tcp_port_open(struct line *l, const char *host, int *port,
                               GError **error);
void tcp_port_free(struct tcp_port *t);
