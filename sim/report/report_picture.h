/* Pictures of the panel in a report. */
#ifndef SIM_REPORT_REPORT_PICTURE_H
#define SIM_REPORT_REPORT_PICTURE_H

#include "sim/report/report_parts.h"

void report_picture_add(struct report *r, const struct observed_meter *m,
                        const char *caption);
void report_picture_free(void *picture);

#endif
