/* How a log was read: each column, times, numbers; one screen. */
#ifndef SIM_HISTORY_HISTORY_PRINT_H
#define SIM_HISTORY_HISTORY_PRINT_H

#include "sim/history/history.h"

void history_print(const struct history *h);

#endif
