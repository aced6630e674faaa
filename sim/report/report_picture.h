/* Pictures of the panel in a report. */
#pragma once

#include "sim/report/report_parts.h"

void report_picture_add(struct report *r, const struct observed_meter *m,
                        const char *caption);
void report_picture_free(void *picture);
