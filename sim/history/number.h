/* Numbers as people's programs write them: decimal point or comma, groups of thousands,
 * blanks, exponents. Which mark is the decimal one is found out over all cells. */
#pragma once

#include <stdbool.h>

enum number_mark {
    NUMBER_ANY,   /* none seen */
    NUMBER_POINT, /* 1,234.5 */
    NUMBER_COMMA  /* 1.234,5 */
};

struct number_marks {
    bool point, comma; /* seen where it can only be the decimal mark */
    bool unclear;      /* "1,234": a comma that may be either */
};

/* What the cell shows. */
void number_note(const char *text, struct number_marks *marks);

/* False: this is no number. *decimals: digits behind the mark. Not a word of it may be
 * left: NaN, units and signs of error are none. */
bool number_parse(const char *text, enum number_mark mark, double *value,
                  int *decimals);
