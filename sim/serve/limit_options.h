/* The gateway's limits as options of a subcommand, from the rows of
 * gateway_limits.c. */
#ifndef SIM_SERVE_LIMIT_OPTIONS_H
#define SIM_SERVE_LIMIT_OPTIONS_H

#include "sim/gateway/gateway.h"

struct limit_options;

/* `entries` (ended by a null row) and an option for each limit; the array lives as long
 * as the options. */
struct limit_options *limit_options_new(const GOptionEntry *entries);
const GOptionEntry *limit_options_entries(const struct limit_options *o);

/* The limits asked for; false: one is out of its range, said on stderr after `name`. */
bool limit_options_take(const struct limit_options *o, const char *name,
                        struct gateway_limits *limits);
void limit_options_free(struct limit_options *o);

#endif
