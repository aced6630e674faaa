/* The outcomes of an examination as JUnit XML and as a page of HTML. */
#pragma once

#include "sim/exam/exam_report.h"

/* outcomes: of struct exam_outcome *. command: as it was given. False with *error set. */
bool exam_report_junit(const char *path, const GPtrArray *outcomes, const char *command,
                       GError **error);
bool exam_report_page(const char *path, const GPtrArray *outcomes, const char *command,
                      GError **error);
