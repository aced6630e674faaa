/* Masters that share a line take turns: one exchange at a time. */
#pragma once

#include "sim/line/line.h"

/* A master claims the line for one exchange; false: it is taken. */
bool line_claim(struct line *l, const void *who);
/* The same in turn: who was refused first is next. */
bool line_claim_in_turn(struct line *l, const void *who);
void line_release(struct line *l, const void *who);
