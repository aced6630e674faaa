/* Is a recorded value true, and if not, what is it? */
#pragma once

#include "sim/exam/exam_case.h"

enum exam_blame {
    BLAME_UNKNOWN,
    BLAME_NO_READING, /* 0x8000, 0x80008000 as a number */
    BLAME_SWAPPED,    /* words */
    BLAME_ZERO,
    BLAME_SIGN,     /* it has another sign */
    BLAME_UNSIGNED, /* it was read without its sign, or with one that it has not */
    BLAME_SCALE,    /* a power of ten */
    BLAME_OTHER,    /* another register */
    BLAME_UNIT,     /* another unit */
    BLAME_TORN,     /* halves of two moments */
    BLAME_OLD       /* it was true once */
};

/* The value of the record is one that the reading has had since exam_case_since. A
 * record without a value always is. */
bool exam_is_true(const struct exam_case *c, guint record);

/* Has the reading of the record had any value then? */
bool exam_has_truth(const struct exam_case *c, guint record);

/* Of a value that is not true; `text` has it in words, with what is true. */
enum exam_blame exam_blame(const struct exam_case *c, guint record, GString *text);
