/* Judges of what a client has sent. */
#pragma once

#include "sim/exam/exam_case.h"

void exam_judge_functions(struct exam_case *c);
void exam_judge_length(struct exam_case *c);
void exam_judge_unlisted(struct exam_case *c);
void exam_judge_pace(struct exam_case *c);
