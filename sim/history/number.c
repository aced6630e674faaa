/* Numbers of cells. See number.h. */
#include "sim/history/number.h"
#include <glib.h>
#include <string.h>

enum { NUMBER_TEXT = 64 };

/* Blanks between digits group them, in several widths. */
static const char *blank(const char *at)
{
    static const char *const blanks[] = { " ", "\xC2\xA0", "\xE2\x80\xAF", "'",
                                          "\xE2\x80\x99" };

    for (size_t k = 0; k < G_N_ELEMENTS(blanks); k++)
        if (g_str_has_prefix(at, blanks[k]))
            return at + strlen(blanks[k]);
    return NULL;
}

static size_t digits(const char *at)
{
    return strspn(at, "0123456789");
}

void number_note(const char *text, struct number_marks *marks)
{
    const char *point = strrchr(text, '.'), *comma = strrchr(text, ',');

    const bool grouped_point = point && strchr(text, '.') != point; /* 1.234.567 */
    const bool grouped_comma = comma && strchr(text, ',') != comma;

    if (point && comma) {
        marks->point |= point > comma;
        marks->comma |= comma > point;
    } else if (grouped_point) {
        marks->comma = true;
    } else if (point || grouped_comma) {
        marks->point = true;
    } else if (comma) {
        const bool three = digits(comma + 1) == 3 && !comma[4];
        const size_t before = (size_t)(comma - text);
        const bool grouped = three && before > 0 && before <= 4 && text[0] != '0';
        marks->unclear |= grouped;
        marks->comma |= !grouped;
    }
}

/* The digits alone, with a point as C has it. False: something else is there. */
static bool plain(const char *text, enum number_mark mark, char to[NUMBER_TEXT])
{
    const char decimal = mark == NUMBER_COMMA ? ',' : '.';
    const char group = mark == NUMBER_COMMA ? '.' : ',';
    size_t n = 0;

    while (*text && n + 1 < NUMBER_TEXT) {
        const char *behind = n > 0 ? blank(text) : NULL;
        if (*text == decimal)
            to[n++] = '.';
        else if (g_ascii_isdigit(*text) || strchr("+-eE", *text))
            to[n++] = *text;
        else if (g_str_has_prefix(text, "\xE2\x88\x92")) { /* minus sign */
            to[n++] = '-';
            text += 2;
        } else if (behind && digits(behind) >= 3) {
            text = behind - 1;
        } else if (*text != group || digits(text + 1) < 3) {
            return false;
        }
        text++;
    }
    to[n] = '\0';
    return !*text && n > 0;
}

bool number_parse(const char *text, enum number_mark mark, double *value, int *decimals)
{
    char number[NUMBER_TEXT], *end;

    if (!plain(text, mark, number) || !strpbrk(number, "0123456789"))
        return false;
    *value = g_ascii_strtod(number, &end);
    const char *point = strchr(number, '.');
    *decimals = point ? (int)digits(point + 1) : 0;
    return !*end && *value > -1e15 && *value < 1e15;
}
