/* Tables on standard output. See table.h. */
#include "sim/program/table.h"
#include <glib.h>
#include <stdio.h>

/* In CSV quoted, in Markdown with its bars escaped. */
static void print_cell(const char *text, bool csv, bool last)
{
    if (csv) {
        putchar('"');
        for (; *text; text++)
            printf(*text == '"' ? "\"\"" : "%c", *text);
        fputs(last ? "\"\n" : "\",", stdout);
        return;
    }
    fputs("| ", stdout);
    for (; *text; text++)
        printf(*text == '|' ? "\\|" : "%c", *text);
    fputs(last ? " |\n" : " ", stdout);
}

void table_row(bool csv, const char *const *cells)
{
    for (; *cells; cells++)
        print_cell(*cells, csv, !cells[1]);
}

void table_head(bool csv, const char *const *cells)
{
    table_row(csv, cells);
    for (; !csv && *cells; cells++)
        fputs(cells[1] ? "|---" : "|---|\n", stdout);
}

void table_section(bool csv, bool first, const char *title)
{
    if (!csv)
        printf("%s## %c%s\n\n", first ? "" : "\n", g_ascii_toupper(*title), title + 1);
}
