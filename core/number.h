/* Readings as texts for the five digits of the bottom row (docs/decisions.md, Panel):
 * up to five significant digits with a moving point; powers and energies change their
 * unit instead of losing the point's right side. */
#pragma once

#include "core/quantity.h"

enum {
    NUMBER_CELLS = 5,
    NUMBER_TEXT = 2 * NUMBER_CELLS + 1 /* a point belongs to each cell */
};

/* A reading in counts of its unit (quantity.def); what does not fit is "OL". Returns
 * the prefix of the unit shown: ' ' (A, V, W, Wh …), 'K', 'M', 'G'. */
char number_format(char text[NUMBER_TEXT], int64_t value, enum quantity_unit unit);

/* At least `digits` digits, the point before the last `decimals`; value < 10^5. Returns
 * where the text ends. */
char *number_fixed(char text[NUMBER_TEXT], uint32_t value, int digits, int decimals);

/* A count of up to ten digits on two pages: the upper digits and a last point, which
 * says that more follow, then the lower five. Up to 99999 both pages are alike. */
void number_long(char text[NUMBER_TEXT], uint64_t value, bool second_page);
