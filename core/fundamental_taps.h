/* Constants of the filters of fundamental.h, for each version of its loop. */
#pragma once

#include <stdint.h>

enum {
    TAPS = 7,         /* the centre and one half of each filter */
    OUTPUT_BITS = 19, /* that an output drops */
    Q_BITS = 18,      /* that a product for q drops */
    F_BITS = 6        /* that an output drops before it is squared */
};

/* ½(1 + cos(2πm/14)) · cos and sin(2πm/7), in Q15. */
static const int32_t tap0[TAPS] = { 32768, 19419, -5919, -18046, -11477, -1373, 1012 };
static const int32_t tap90[TAPS] = { 0, 24351, 25932, 8691, -5527, -6014, -1269 };
