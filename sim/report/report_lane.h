/* What is or is not over time: lanes of the timeline. */
#pragma once

#include "sim/report/report_parts.h"

void report_lane_event(struct report *r, const struct observed_event *e);
void report_lane_free(void *lane);
