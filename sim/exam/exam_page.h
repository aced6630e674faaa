/* The outcomes of an examination as JUnit XML and as a page of HTML. */
#ifndef SIM_EXAM_EXAM_PAGE_H
#define SIM_EXAM_EXAM_PAGE_H

#include "sim/exam/exam_report.h"

/* outcomes: of struct exam_outcome *. command: as it was given. False with *error set. */
bool exam_report_junit(const char *path, const GPtrArray *outcomes, const char *command,
                       GError **error);
bool exam_report_page(const char *path, const GPtrArray *outcomes, const char *command,
                      GError **error);

#endif
