/* The gateway's limits as options of a subcommand, from the rows of
 * gateway_limits.c. */
#pragma once

#include "sim/gateway/gateway.h"

struct limit_options;

/* `entries` (ended by a null row) and an option for each limit; the array lives as long
 * as the options. */
struct limit_options *limit_options_new(const GOptionEntry *entries);
const GOptionEntry *limit_options_entries(const struct limit_options *o);

/* The limits that the user gave; false when one is out of its range. */
bool limit_options_read(const struct limit_options *o, struct gateway_limits *limits,
                        GError **error);
void limit_options_free(struct limit_options *o);
