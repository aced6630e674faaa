/* The filters of fundamental.h, for each version of its loop. */
#pragma once

#include "core/hal.h"

enum {
    TAPS = 7,         /* the centre and one half of each filter */
    OUTPUT_BITS = 19, /* that an output drops */
    Q_BITS = 18,      /* that a product for q drops */
    F_BITS = 6        /* that an output drops before it is squared */
};

/* ½(1 + cos(2πm/14)) · cos and sin(2πm/7), in Q15. */
static const int32_t tap0[TAPS] = { 32768, 19419, -5919, -18046, -11477, -1373, 1012 };
static const int32_t tap90[TAPS] = { 0, 24351, 25932, 8691, -5527, -6014, -1269 };

/* The outputs at a group, from the sums about it. */
static inline void fundamental_filter(const int32_t (*x)[HAL_CHANNELS], int ch,
                                      int32_t *u0, int32_t *u90)
{
    int64_t even = (1 << (OUTPUT_BITS - 1)) + (int64_t)tap0[0] * x[0][ch];
    int64_t odd = 1 << (OUTPUT_BITS - 1);

    for (int m = 1; m < TAPS; m++) {
        even += (int64_t)tap0[m] * (x[-m][ch] + x[m][ch]);
        odd += (int64_t)tap90[m] * (x[-m][ch] - x[m][ch]);
    }
    u0[ch] = (int32_t)(even >> OUTPUT_BITS);
    u90[ch] = (int32_t)(odd >> OUTPUT_BITS);
}
