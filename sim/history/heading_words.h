/* The words of a heading, sorted into classes. Part of heading.h. */
#pragma once

#include "core/quantity.h"
#include <stdbool.h>

enum heading_what {
    WHAT_NOTHING,
    WHAT_TIME,
    WHAT_DATE,
    WHAT_VOLTAGE,
    WHAT_CURRENT,
    WHAT_POWER,
    WHAT_ENERGY,
    WHAT_PF,
    WHAT_FREQUENCY,
    WHAT_DEMAND,
    WHAT_ALERTS
};

enum heading_way { WAY_NONE, WAY_IMPORT, WAY_EXPORT, WAY_NET };
enum heading_between { BETWEEN_NONE, BETWEEN_LL, BETWEEN_LN };
enum heading_whole { WHOLE_NONE, WHOLE_SUM, WHOLE_MEAN };

struct heading_unit {
    const char *text;
    enum quantity_kind kind;
    double factor;
};

struct heading_words {
    enum heading_what what;
    int what_kind; /* enum quantity_kind that the word itself says; -1: none */
    int kind;      /* 0 active, 1 reactive, 2 apparent; -1: none */
    enum heading_way way;
    enum heading_between between;
    enum heading_whole whole;
    unsigned phases; /* bits A 1, B 2, C 4 */
    bool n;          /* against the neutral */
    int quadrant;    /* 1 to 4; 0: none */
    bool max, other;
    bool volt_amperes; /* "VA" alone, which may be the voltage of phase A */
    const struct heading_unit *unit; /* NULL: none */
};

void heading_words_parse(const char *text, struct heading_words *words);

/* NULL: no such unit. */
const struct heading_unit *heading_find_unit(const char *text);

/* Those whose size nobody can tell without one. */
bool heading_needs_unit(enum quantity_kind kind);
bool heading_is_power(enum quantity_kind kind);
