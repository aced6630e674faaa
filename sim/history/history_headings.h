/* Columns of a log by their headings: the first step of history_parse. */
#pragma once

#include "sim/history/history_state.h"

/* False with *error set: a column that stays open, or no time and no reading. */
bool history_read_headings(struct history_reading *r, GError **error);
