/* Numbers of the cells: the third step of history_parse. */
#pragma once

#include "sim/history/history_state.h"

/* False with *error set: a cell that is no number. */
bool history_read_values(struct history_reading *r, GError **error);
