/* Times of the rows, sorted: the second step of history_parse. */
#pragma once

#include "sim/history/history_state.h"

/* False with *error set: a cell that is no time, an order that is none. */
bool history_read_times(struct history_reading *r, GError **error);
