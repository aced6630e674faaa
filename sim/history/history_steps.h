/* Steps within the seconds of our own records. A second in which a load was switched
 * holds a mixture of both states; the log then has the one up to the moment of the step
 * and the other from there on, which is what was. */
#pragma once

#include "sim/history/history.h"

/* Moves the beginnings of rows, and says which rows they are like. */
void history_find_steps(struct history *h);
