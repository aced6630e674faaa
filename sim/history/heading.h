/* What a column is, by its heading: words in four languages, symbols, units. The words
 * stand in heading.def, the units in unit.def. Nothing is guessed: what a heading leaves
 * open is said. */
#pragma once

#include "core/quantity.h"
#include <stdbool.h>

/* Sums that no reading shows, behind the readings. */
enum {
    HEADING_KVARH_IMPORT = QUANTITIES, /* Q1 + Q2 */
    HEADING_KVARH_EXPORT,              /* Q3 + Q4 */
    HEADING_QUANTITIES
};

enum heading_kind {
    HEADING_UNUSED, /* nothing that a meter has */
    HEADING_OPEN,   /* `why` says what it leaves open */
    HEADING_TIME,
    HEADING_DATE, /* without the time of day, perhaps */
    HEADING_QUANTITY,
    HEADING_ALERTS
};

enum { HEADING_WHY = 120 };

struct heading {
    enum heading_kind kind;
    int quantity;     /* enum quantity, or one of the sums */
    double factor;    /* to the units of readings */
    const char *unit; /* as unit.def has it; NULL: none is given or needed */
    bool ends;        /* a time of our own records: that of the row's end */
    char why[HEADING_WHY];
};

void heading_parse(const char *text, struct heading *heading);

/* "kw_total", "time", "unused" … of a map; `unit` may be "". False: no such thing. */
bool heading_set(struct heading *heading, const char *name, const char *unit);

/* "kw_total", and the unit of its readings. */
const char *heading_name(int quantity);
const char *heading_unit(int quantity);
enum quantity_role heading_role(int quantity);
