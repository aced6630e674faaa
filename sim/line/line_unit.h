/* A meter as a station of a line. */
#pragma once

#include "sim/line/line.h"

enum { LINE_METERS_MAX = 247 };

/* NULL when there are too many. */
struct line_station *line_attach_unit(struct line *l, struct unit *u, const char *name);
void line_detach_unit(struct unit *u);

/* NULL: on none. */
struct line *line_of_unit(const struct unit *u);
int line_meters(const struct line *l);

/* The n-th meter, and the first with that address; NULL: there is none. */
struct unit *line_meter_at(const struct line *l, int n);
struct unit *line_meter_of(const struct line *l, int address);
