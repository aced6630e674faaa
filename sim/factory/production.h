/* The production test of a board in the factory state, over its RS-485: each part with a
 * verdict. What hands and eyes do is the fixture's (port.h), asked in these words:
 *
 *   press plus | minus | back | select | none     from now on
 *   see energy | alarm | green | red | backlight  is the contact closed, the LED lit?
 *   see segments HEX                              does the glass show these, and no others?
 *   cut MS                                        control power is off for so long
 *
 * HEX are the 20 bytes of the display's memory. */
#pragma once

#include "sim/factory/meter_call.h"

enum production_part {
#define PART(function, name, text) PRODUCTION_##function,
#include "sim/factory/production.def"
#undef PART
    PRODUCTION_PARTS
};

enum production_verdict { PRODUCTION_PASSED, PRODUCTION_FAILED, PRODUCTION_NOT_TESTED };

enum { PRODUCTION_TEXT = 160 };

struct production_result {
    struct meter_identity identity; /* when it answered */
    struct {
        enum production_verdict verdict;
        char finding[PRODUCTION_TEXT]; /* figures, or what is wrong */
    } part[PRODUCTION_PARTS];
    bool passed;
};

/* False with an error when there can be no test: no factory state. A part that the meter
 * does not answer for has failed. */
bool production_run(const struct port *p, struct production_result *r, GError **error);

/* Writes BASE.json and BASE.txt. */
bool production_write(const char *base, const char *date,
                      const struct production_result *r, GError **error);

/* The text alone; to be freed. */
char *production_report(const char *date, const struct production_result *r);
