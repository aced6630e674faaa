/* Numbers as the panel writes them. See format.h. */
#include "gui/format.h"
#include <stdio.h>

void format_micro(char value[FORMAT_TEXT], char *unit, size_t unit_size, int64_t micro,
                  const char *symbol)
{
    static const char *const prefix[] = { "", "k", "M", "G" };
    double size = (double)(micro < 0 ? -micro : micro) * 1e-6;
    int step = 0;

    while (step < 3 && size >= 999.95) {
        size /= 1000;
        step++;
    }
    int decimals = micro == 0 ? 0 : size >= 99.995 ? 1 : size >= 9.9995 ? 2 : 3;
    snprintf(value, FORMAT_TEXT, "%s%.*f", micro < 0 ? "−" : "", decimals, size);
    snprintf(unit, unit_size, "%s%s", prefix[step], symbol);
}

void format_micro_text(char text[FORMAT_TEXT], int64_t micro, const char *symbol)
{
    char value[FORMAT_TEXT], unit[8];

    format_micro(value, unit, sizeof unit, micro, symbol);
    snprintf(text, FORMAT_TEXT, "%.16s %s", value, unit);
}
