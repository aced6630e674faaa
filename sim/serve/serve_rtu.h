/* Modbus RTU of metersim serve: a pty or serial devices on the line of its meters. */
#pragma once

#include "sim/line/serial_port.h"

struct serve_rtu;

/* `where` ends with NULL; NULL itself: a pty when one can be had. "none" is nothing.
 * The meters are those of the simulation's first line, or else the first 247.
 * `over_tcp`: HOST:PORT for RTU frames on a TCP port of the same line; NULL: none.
 * `tcp_port` names the pty. What clients need is added to `banner`, which is kept until
 * then. */
struct serve_rtu *serve_rtu_open(struct sim *sim, char **where, const char *over_tcp,
                                 int tcp_port, GString *banner, GError **error);
/* NULL: there is none. */
struct line *serve_rtu_line(const struct serve_rtu *r);
/* Adds the paths of its ptys and devices, which stay its own. */
void serve_rtu_paths(const struct serve_rtu *r, GPtrArray *to);
void serve_rtu_free(struct serve_rtu *r);
