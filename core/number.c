/* Numbers as texts. See number.h. */
#include "core/number.h"
#include "core/wide.h"
#include <string.h>

/* Decimals that are shown at most, and how often the unit may grow by 1000. */
static const struct {
    uint8_t counts; /* one of the smallest unit shown is 10^counts counts */
    uint8_t decimals, prefixes;
} formats[] = {
    [UNIT_A] = { 6, 3, 0 }, [UNIT_V] = { 6, 2, 0 },  [UNIT_W] = { 6, 3, 2 },
    [UNIT_E] = { 3, 3, 3 }, [UNIT_PF] = { 6, 4, 0 }, [UNIT_HZ] = { 6, 2, 0 },
    [UNIT_N] = { 0, 0, 0 },
};

enum { FULL = 99999, LONG_STEP = 100000 };

char *number_fixed(char text[NUMBER_TEXT], uint32_t value, int digits, int decimals)
{
    char reversed[NUMBER_TEXT];
    int n = 0, k = 0;

    for (int digit = 0; digit < digits || value; digit++, value /= 10) {
        if (digit == decimals && decimals)
            reversed[n++] = '.';
        reversed[n++] = (char)('0' + value % 10);
    }
    while (n > 0)
        text[k++] = reversed[--n];
    text[k] = '\0';
    return text + k;
}

/* Its size in units of 10^-decimals of the unit `prefix` steps above the smallest;
 * false when that takes more than five cells, or a larger unit could say it. */
static bool fits(int64_t value, enum quantity_unit unit, int prefix, int decimals,
                 uint64_t *scaled)
{
    int cells = NUMBER_CELLS - (value < 0);
    bool larger_unit = prefix < formats[unit].prefixes;
    uint64_t one = quantity_ten(formats[unit].counts + 3 * prefix - decimals);
    uint64_t most = quantity_ten(cells) - 1;

    *scaled = (magnitude(value) + one / 2) / one;
    return decimals < cells && *scaled <= most - (decimals == 0 && larger_unit);
}

char number_format(char text[NUMBER_TEXT], int64_t value, enum quantity_unit unit)
{
    static const char prefixes[] = { ' ', 'K', 'M', 'G' };
    uint64_t scaled;

    for (int prefix = 0; prefix <= formats[unit].prefixes; prefix++)
        for (int decimals = formats[unit].decimals; decimals >= 0; decimals--) {
            if (!fits(value, unit, prefix, decimals, &scaled))
                continue;
            if (value < 0 && scaled)
                *text++ = '-';
            number_fixed(text, (uint32_t)scaled, decimals + 1, decimals);
            return prefixes[prefix];
        }
    memcpy(text, "OL", 3);
    return prefixes[formats[unit].prefixes];
}

void number_long(char text[NUMBER_TEXT], uint64_t value, bool second_page)
{
    if (value <= FULL) {
        number_fixed(text, (uint32_t)value, 1, 0);
    } else if (second_page) {
        number_fixed(text, (uint32_t)(value % LONG_STEP), NUMBER_CELLS, 0);
    } else {
        text = number_fixed(text, (uint32_t)(value / LONG_STEP % LONG_STEP), 1, 0);
        memcpy(text, ".", 2);
    }
}
