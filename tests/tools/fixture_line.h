/* The fixture of the case file as a device on a simulated line: the firmware's own
 * framing and PDU server (core/rtu.c, core/pdu.c) at 19200 baud 8N1. What `meter` is,
 * only the fixture's registers know. */
#pragma once

#include <glib.h>

struct line;
struct sim;
struct meter;
struct fixture_line;
struct fixture_pty;

struct fixture_line *fixture_line_new(struct line *l, struct meter *meter, int address);
void fixture_line_free(struct fixture_line *f);

/* The same behind a pty, at the pace of the wall clock, on the default loop. */
struct fixture_pty *fixture_pty_open(struct meter *meter, int address, GError **error);
const char *fixture_pty_path(const struct fixture_pty *f);
void fixture_pty_free(struct fixture_pty *f);
