/* SunSpec registers 40001-40178 of the S4100: common model 1, a meter model 201-204
 * that follows the system type, end marker (rows in sunspec.def; docs/decisions.md,
 * SunSpec). Values stand in base units: exponents are those of registers 138-141, three
 * more for W and Wh, so that the integers are those of the meter's own registers. */
#pragma once

#include <stdint.h>

struct meter;

enum { SUNSPEC_FIRST = 40001, SUNSPEC_LAST = 40178 };

/* How a row is made, and what its argument is. */
enum sunspec_kind {
    SUN_MARKER,     /* "SunS" */
    SUN_WORD,       /* the argument itself */
    SUN_TEXT,       /* NUL-padded; enum sunspec_text */
    SUN_ADDRESS,    /* Modbus address */
    SUN_MODEL,      /* 201…204 */
    SUN_READING,    /* enum quantity, 16 bits */
    SUN_CURRENT,    /* phase 0-2, or SUN_SUM */
    SUN_APPARENT,   /* the sum over the active phases */
    SUN_PF_AVERAGE, /* of the active phases */
    SUN_ENERGY,     /* enum quantity, 32 bits, 0 where there is none */
    SUN_EXPONENT,   /* enum quantity_unit */
    SUN_EVENTS      /* bits 2-6 from the alerts */
};

enum sunspec_text { SUN_VENDOR, SUN_PRODUCT, SUN_REVISION, SUN_SERIAL, SUN_NO_TEXT };

enum { SUN_SUM = 3 };

/* Up to `count` words of the row that holds `reg`, from `reg` on; returns how many, 0
 * when the block does not hold it. */
int sunspec_read(const struct meter *m, uint16_t reg, int count, uint16_t *words);
