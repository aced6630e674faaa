/* The parameters of events and of loads as rows of a table: each is a double of the
 * struct that says what one event or load is, with its range and its initial value. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct parameter {
    unsigned kind; /* of event or of load */
    const char *name, *unit;
    size_t offset; /* of the double */
    double min, max, initial;
    const char *text;
};

/* Sets all parameters of the kind in the struct `into` to their initial values. */
void parameter_set_defaults(const struct parameter *rows, int count, unsigned kind,
                            void *into);

/* All parameters of the kind lie in their ranges; NaN lies in none. */
bool parameter_in_range(const struct parameter *rows, int count, unsigned kind,
                        const void *of);
