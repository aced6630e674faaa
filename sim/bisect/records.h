/* Two tapes record by record: the first input that differs, or else the first output,
 * which is where two builds part. Builds that show something else on the display from the
 * first second on may count otherwise much later, so each kind of output has its own
 * first difference. */
#pragma once

#include "sim/bisect/inputs.h"
#include <glib.h>

enum records_part {
    RECORDS_SAME,
    RECORDS_INPUT,  /* the meters were given something else */
    RECORDS_OUTPUT, /* they were given the same, and did something else */
    RECORDS_SHORTER /* one of the tapes ends before the other */
};

enum { RECORDS_TEXT = 400 };

struct records_difference {
    enum records_part part;
    enum tape_kind kind; /* of the output */
    int64_t time_ns;     /* of the record, or of the end */
    int64_t same;        /* records that precede it */
    char text[RECORDS_TEXT];
    struct inputs inputs; /* the last ones before it, which are the same */
};

enum { RECORDS_ALL = 0 };

/* Inputs, and outputs of this kind, or RECORDS_ALL. False with *error set: one is no
 * tape. */
bool records_compare(const char *a, const char *b, int output,
                     struct records_difference *d, GError **error);
