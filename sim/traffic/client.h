/* What the client of a capture does: its requests with their periods, how long answers
 * took, what was asked again or never answered, and what it reads without need. */
#pragma once

#include "core/model.h"
#include "sim/traffic/exchange.h"

/* Of the requests to that unit id. The system type says which readings there are. */
void client_print(const struct exchanges *x, int unit, const struct model *model,
                  unsigned system_type);
