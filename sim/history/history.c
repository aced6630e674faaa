/* Rows and columns of a log. See history.h. */
#include "sim/history/history.h"
#include <math.h>
#include <string.h>

void history_free(struct history *h)
{
    if (!h)
        return;
    for (int k = 0; h->column && k < h->columns; k++)
        g_free(h->column[k].text);
    g_free(h->column);
    g_free(h->row);
    g_free(h->value);
    g_free(h->path);
    g_free(h->zone);
    g_free(h);
}

int history_find(const struct history *h, int quantity)
{
    for (int k = 0; k < h->columns; k++)
        if (h->column[k].heading.kind == HEADING_QUANTITY &&
            h->column[k].heading.quantity == quantity)
            return k;
    return -1;
}

double history_value(const struct history *h, int row, int column)
{
    return column < 0 ? (double)NAN
                      : h->value[(gsize)row * (gsize)h->columns + (gsize)column];
}

int64_t history_stamp_ms(const struct history *h, int row)
{
    return h->row[row].stamp_ms;
}

int64_t history_begin_ms(const struct history *h)
{
    return h->row[0].at_ms;
}

int64_t history_end_ms(const struct history *h)
{
    return h->ends ? history_stamp_ms(h, h->rows - 1) : h->row[h->rows - 1].to_ms;
}

char *history_time_text(const struct history *h, int64_t at_ms)
{
    if (h->form == MOMENT_SINCE_START)
        return g_strdup_printf("%.3f s", (double)at_ms / 1000);
    GTimeZone *zone = h->zone ? g_time_zone_new_identifier(h->zone) : NULL;
    GDateTime *utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    GDateTime *local = zone && utc ? g_date_time_to_timezone(utc, zone) : NULL;
    char *text = local ? g_date_time_format(local, "%Y-%m-%d %H:%M:%S%:z")
                 : utc ? g_date_time_format(utc, "%Y-%m-%d %H:%M:%S UTC")
                       : g_strdup("?");

    if (local)
        g_date_time_unref(local);
    if (utc)
        g_date_time_unref(utc);
    if (zone)
        g_time_zone_unref(zone);
    return text;
}
