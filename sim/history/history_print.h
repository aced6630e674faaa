/* How a log was read: each column, times, numbers; one screen. */
#pragma once

#include "sim/history/history.h"

void history_print(const struct history *h);
