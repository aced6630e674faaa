/* What is or is not over time: lanes of the timeline. */
#ifndef SIM_REPORT_REPORT_LANE_H
#define SIM_REPORT_REPORT_LANE_H

#include "sim/report/report_parts.h"

void report_lane_event(struct report *r, const struct observed_event *e);
void report_lane_free(void *lane);

#endif
