/* The judges: what of a situation's records and frames is wrong. A value that was false
 * already before the situation is not its business, and the mistakes that have rows of
 * their own (swapped words, no reading) are those rows' alone. */
#pragma once

#include "sim/exam/exam_case.h"

/* Calls the row's judge, after what goes for all rows. */
void exam_judge_case(struct exam_case *c);

void exam_judge_values(struct exam_case *c);   /* nothing false since it began */
void exam_judge_scales(struct exam_case *c);   /* the same from 2 s later on */
void exam_judge_counters(struct exam_case *c); /* the same of counters alone */
/* … and they are recorded further on. */
void exam_judge_counters_go_on(struct exam_case *c);
void exam_judge_torn(struct exam_case *c);      /* counters of two moments */
void exam_judge_words(struct exam_case *c);     /* swapped words */
void exam_judge_readings(struct exam_case *c);  /* no reading taken for a number */
void exam_judge_registers(struct exam_case *c); /* the wrong register, type or scale */
void exam_judge_signs(struct exam_case *c);     /* of power and energy */
void exam_judge_pf(struct exam_case *c);        /* of power factors */
void exam_judge_return(struct exam_case *c);    /* nothing false, and it comes back */
void exam_judge_silence(struct exam_case *c);   /* nothing at all, while it lasts */
void exam_judge_refused(struct exam_case *c);   /* the same, and it comes back */
void exam_judge_continues(struct exam_case *c); /* it records while it lasts */
void exam_judge_arrives(struct exam_case *c);   /* it records at all */
void exam_judge_fresh(struct exam_case *c);     /* no old value as a new one */
void exam_judge_others(struct exam_case *c); /* unit 1 goes on while unit 2 is dead */
void exam_judge_clock(struct exam_case *c);  /* times of records */
