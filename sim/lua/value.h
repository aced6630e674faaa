/* Quantities with units as scenarios write them: "480 V", "1/3 V", "15 min", "0.1 %".
 * The only parser of units; its table is the list of known units. A value comes out in
 * the base unit of its dimension, which is that of the meter's readings (kW, kWh, V, A,
 * Hz, s), so that a bare number and a quantity mean the same. */
#pragma once

#include <stdbool.h>

enum dimension {
#define D(id, name, wanted) DIMENSION_##id,
#include "sim/lua/dimension.def"
#undef D
    DIMENSIONS
};

enum { VALUE_ERROR = 200 };

struct value {
    double value; /* in the base unit of its dimension */
    enum dimension dimension;
};

/* False, and why in error[VALUE_ERROR]: "unknown unit 'Vlt'; did you mean …". */
bool value_parse(const char *text, struct value *value, char *error);

/* The same for a value of one dimension; the error says what was expected. */
bool value_parse_as(const char *text, enum dimension wanted, double *value,
                    char *error);

/* What one `unit` is in the base unit of its dimension; false for an unknown one. */
bool value_unit(const char *unit, enum dimension *dimension, double *factor);

/* "a voltage". */
const char *dimension_name(enum dimension dimension);

/* `a voltage such as "480 V"`. */
const char *dimension_wanted(enum dimension dimension);

/* Seconds into nanoseconds, rounded; seconds within ±9e9. */
long long value_ns(double seconds);

/* 61.2, 0.0612: at most nine digits, no more than needed. */
const char *value_text(double x, char *text, int size);
