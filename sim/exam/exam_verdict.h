/* For judges: how they say what they have found, and the frames that show it. */
#pragma once

#include "sim/exam/exam_case.h"

/* Nothing is known yet. */
void exam_verdict_start(struct exam_case *c);

/* A flaw with the frames that show it: the last two exchanges of `unit` with the register
 * until then; the last frames, when there are none. reg 0: any. */
void exam_flaw(struct exam_case *c, int64_t ns, int unit, int reg, const char *format,
               ...) G_GNUC_PRINTF(5, 6);
/* It has been put to the test: without a flaw it passes. */
void exam_seen(struct exam_case *c);
void exam_not_seen(struct exam_case *c, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* What crossed the wire, in order. */
const struct exam_frame *exam_frame_at(const struct exam_case *c, guint k);
guint exam_frame_count(const struct exam_case *c);

/* Shows the frames of the situation itself. */
void exam_show_frames(struct exam_case *c);
