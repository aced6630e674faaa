/* How a log was read, in one screen. See history_print.h. */
#include "sim/history/history_print.h"
#include <stdio.h>

enum { UNUSED_SHOWN = 6, COLUMNS_SHOWN = 20, HEADING_WIDTH = 30 };

static const char *separator_name(char c)
{
    return c == ',' ? "comma" : c == ';' ? "semicolon" : c == '\t' ? "tab" : "bar";
}

static void print_times(const struct history *h)
{
    static const char *const orders[] = { "order clear", "day first", "month first" };
    static const char *const forms[] = { "dates", "epoch seconds", "epoch milliseconds",
                                         "seconds since start" };

    printf("times: %s", forms[h->form]);
    if (h->form == MOMENT_CALENDAR)
        printf(", %s, %s%s", orders[h->dates],
               h->zoned  ? "zones as written"
               : h->zone ? "local time of "
                         : "no zone: read as UTC",
               !h->zoned && h->zone ? h->zone : "");
    printf("; a row stands for the time %s its stamp%s\n", h->ends ? "before" : "after",
           h->newest_first ? "; newest first in the file" : "");
}

static void print_span(const struct history *h)
{
    g_autofree char *from = history_time_text(h, history_begin_ms(h));
    g_autofree char *to = history_time_text(h, history_end_ms(h));

    printf("%d rows of %g s, %s to %s", h->rows, (double)h->step_ms / 1000, from, to);
    if (h->gaps)
        printf("; %d gap%s, the longest of %g s, in which values hold", h->gaps,
               h->gaps == 1 ? "" : "s", (double)h->longest_gap_ms / 1000);
    if (h->repeated)
        printf("; %d row%s repeated and left out", h->repeated,
               h->repeated == 1 ? "" : "s");
    if (h->twice)
        printf("; %d rows in an hour that came twice", h->twice);
    putchar('\n');
}

static void print_column(const struct history_column *c)
{
    const bool alerts = c->heading.kind == HEADING_ALERTS;
    const glong width = g_utf8_strlen(c->text, -1);

    printf("  %3d  %s%*s %-14s", c->column + 1, c->text,
           (int)MAX(HEADING_WIDTH - width, 0), "",
           alerts ? "alerts" : heading_name(c->heading.quantity));
    if (!alerts && c->heading.factor != 1)
        printf(" %s x %g = %s", c->heading.unit, c->heading.factor,
               heading_unit(c->heading.quantity));
    else if (!alerts)
        printf(" %s", heading_unit(c->heading.quantity));
    if (c->empty)
        printf(", %d empty", c->empty);
    putchar('\n');
}

/* One screen of them. */
static void print_columns(const struct history *h)
{
    int count = 0;

    for (int k = 0; k < h->columns; k++) {
        const enum heading_kind kind = h->column[k].heading.kind;
        if (kind != HEADING_QUANTITY && kind != HEADING_ALERTS)
            continue;
        if (count++ < COLUMNS_SHOWN)
            print_column(&h->column[k]);
    }
    if (count > COLUMNS_SHOWN)
        printf("  and %d more, by the names of readings or words as above\n",
               count - COLUMNS_SHOWN);
}

/* What was not used: names, as far as they fit. */
static void print_unused(const struct history *h)
{
    int count = 0;

    for (int k = 0; k < h->columns; k++) {
        if (h->column[k].heading.kind != HEADING_UNUSED)
            continue;
        if (count < UNUSED_SHOWN)
            printf("%s%s", count ? ", " : "not used: ", h->column[k].text);
        count++;
    }
    if (count > UNUSED_SHOWN)
        printf(" and %d more", count - UNUSED_SHOWN);
    if (count)
        putchar('\n');
}

void history_print(const struct history *h)
{
    printf("%s: columns by %s, decimal %s\n", h->path, separator_name(h->separator),
           h->decimal == NUMBER_COMMA ? "comma" : "point");
    print_times(h);
    print_span(h);
    print_columns(h);
    print_unused(h);
}
