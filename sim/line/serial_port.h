/* A pty or a serial device as a station of a simulated line: what a client writes there
 * goes over the wire in simulated time, byte for byte, and what the wire carries comes
 * back. The line's first station (a meter) decides rate and parity on the wire.
 *
 * The host's scheduler loses the gaps between bytes, so bytes are gathered: a frame
 * whose CRC holds goes out at once, anything else after 8 ms (a device: 20 ms) without
 * another byte, end to end, behind t3.5 of silence on the wire. So a frame is never
 * broken by the host, and two frames written together are one broken frame, as on a
 * wire. Answers are written byte by byte as they arrive. What nobody has
 * read for SERIAL_PORT_STALE_MS is dropped when the next request comes.
 *
 * The slave of a pty is kept open, in raw mode, so clients may come and go. What
 * clients set there does not matter; a pty has no parity (serial_device.h). */
#pragma once

#include "sim/line/line.h"
#include <glib.h>

/* Adapters on USB hand bytes over every 16 ms. */
enum {
    SERIAL_PORT_QUIET_PTY_MS = 8,
    SERIAL_PORT_QUIET_MS = 20,
    SERIAL_PORT_STALE_MS = 2000
};

struct serial_port;

/* `where` is "pty" or a device. `link` is the stable name of a pty (pty_link.h), or
 * NULL. Serves on the loop of `context` (NULL:
 * the default one). NULL with `error` (of G_IO_ERROR) set when it cannot be had. */
struct serial_port *serial_port_open(GMainContext *context, struct line *l,
                                     const char *where, const char *link,
                                     GError **error);
/* A connected socket, which it owns, on the default loop: bytes from the wire are sent
 * when a frame has ended there. `ended` is called when the other end is gone; it is to
 * free the port. NULL when there are too many stations. */
struct serial_port *serial_port_adopt(struct line *l, int fd, void (*ended)(void *user),
                                      void *user);
void serial_port_free(struct serial_port *p);

/* What a client opens. */
const char *serial_port_path(const struct serial_port *p);

/* Of the wire: "19200 8N1". */
void serial_port_settings(const struct serial_port *p, char *text, size_t size);
