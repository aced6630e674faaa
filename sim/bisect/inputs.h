/* The last inputs of a tape that somebody caused: requests, keys, power, faults of the
 * FRAM. Bytes of one frame stand together. What a scenario did to the world is not on a
 * tape; samples are what came of it. */
#pragma once

#include "hal_sim/tape.h"
#include <stdbool.h>
#include <stdio.h>

enum { INPUTS_LAST = 8, INPUT_TEXT = 120 };

struct inputs {
    struct input {
        int64_t time_ns, end_ns;
        uint8_t kind;
        char text[INPUT_TEXT];
    } last[INPUTS_LAST]; /* a ring */
    long count;          /* of all that came */
};

void inputs_add(struct inputs *inputs, const struct tape_record *record);

/* The same to the bit, as far as they are kept. */
bool inputs_same(const struct inputs *a, const struct inputs *b);

/* A line for each, the oldest first. */
void inputs_print(const struct inputs *inputs);
