/* What came of the rows, and how it is printed: TAP. */
#pragma once

#include "sim/exam/exam_case.h"

/* What came of a row, after its plant has gone. */
struct exam_outcome {
    const struct exam_row *row;
    enum exam_verdict verdict;
    char *why;    /* "" of a pass */
    char *frames; /* lines that show it */
    char *pcap;   /* file name, or NULL */
    int flaws;
    double wall_s, simulated_s;
};

struct exam_outcome *exam_outcome_new(const struct exam_case *c);
void exam_outcome_free(gpointer outcome);

/* A point of TAP, with what is wrong and the frames as comments. */
void exam_report_point(const struct exam_outcome *o, unsigned number);
/* Plan and sums. Returns the exit code. */
int exam_report_end(const GPtrArray *outcomes, double wall_s);
