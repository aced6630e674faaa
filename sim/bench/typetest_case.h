/* The electrical type tests: rows of typetest.def, each run in a fresh meter. */
#pragma once

#include "sim/factory/meter_call.h"
#include "sim/factory/tolerance.h"
#include <stddef.h>

enum type_test_kind {
    REAL,
    EXPORT,
    REACTIVE,
    VARIATION,
    REACTIVE_VARIATION,
    COEFFICIENT,
    REACTIVE_COEFFICIENT,
    NOTHING,
    SPREAD,
    START_UP,
    TIME
};

enum type_test_shape {
    BALANCED,
    ONLY_A,
    ONLY_B,
    ONLY_C,
    REVERSED,
    WITHOUT_B,
    ONLY_A_LIVE,
    FIFTH,
    PHASE_FIRED,
    BURST,
    DIP,
    INTERRUPTION,
    RIDE_THROUGH,
    CUT,
    HOT,
    COLD
};

struct type_test {
    const char *clause, *text;
    enum type_test_kind kind;
    double percent_in, lag_degrees, volts, hz;
    enum type_test_shape shape;
    double limit[2]; /* class 0.2S, class 0.5S */
};

extern const struct type_test type_tests[];
extern const size_t type_test_count;

/* A board as it was made, and the constants that it was given, or NULL. */
struct type_test_board {
    const struct tolerance_board *made;
    const struct meter_constants *constants;
};

/* Error, variation's error, coefficient, spread, time: as the row's kind says. A board
 * of NULL is the healthy one. */
double type_test_value(const struct type_test *t, const struct model *model,
                       const struct type_test_board *board);

double type_test_limit(const struct type_test *t, const struct model *model);

/* The row's value counts against that of the reference row before it. */
bool type_test_varies(const struct type_test *t);
bool type_test_is_reference(const struct type_test *t);
bool type_test_is_for(const struct type_test *t, const struct model *model);
