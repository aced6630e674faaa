/* Text and numbers in HTML. See report_parts.h. Control characters, which HTML has no
 * place for, become '?'. */
#include "sim/report/report_text.h"
#include <string.h>

void report_text(GString *html, const char *text)
{
    g_autofree char *copy = g_utf8_make_valid(text, -1);

    for (char *at = copy; *at; at++)
        if ((unsigned char)*at < ' ' && *at != '\n' && *at != '\t')
            *at = '?';
    g_autofree char *escaped = g_markup_escape_text(copy, -1);
    g_string_append(html, escaped);
}

void report_number(GString *html, double x, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append(html, g_ascii_formatd(text, sizeof text, format, x));
}

void report_clock(GString *html, double seconds)
{
    long whole = (long)seconds;

    if (seconds < 120) {
        report_number(html, seconds, "%.3f s");
        return;
    }
    g_string_append_printf(html, "%ld:%02ld:", whole / 3600, whole / 60 % 60);
    report_number(html, 100 + (double)(whole % 60) + (seconds - (double)whole), "%.3f");
    size_t digits = strlen("100.000"); /* of which the first only keeps the zeros */
    g_string_erase(html, (gssize)(html->len - digits), 1);
}
