/* A log, read. See history.h. */
#include "sim/history/history.h"
#include "sim/history/history_headings.h"
#include "sim/history/history_times.h"
#include "sim/history/history_values.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

static bool read_table(struct history_reading *r, GError **error)
{
    struct history *h = r->h;

    h->separator = r->csv->separator;
    if (r->csv->rows < 1) {
        csv_complain(r->csv, csv_cell(r->csv, -1, 0), error, "there is no row");
        return false;
    }
    if (r->options->zone) {
        r->zone = g_time_zone_new_identifier(r->options->zone);
        if (!r->zone)
            return error_set(error,
                             "--zone: '%s' is no time zone, such as "
                             "Europe/Berlin or UTC",
                             r->options->zone);
    }
    return history_read_headings(r, error) && history_read_times(r, error) &&
           history_read_values(r, error);
}

/* In the order of the file; the sorted rows know their lines. */
struct history *history_parse(const char *path, const char *bytes, gsize size,
                              const char *map, const struct history_options *options,
                              GError **error)
{
    struct csv *csv = csv_parse_export(path, bytes, size, error);
    struct history_reading r = { .csv = csv, .options = options };
    bool good = csv != NULL;

    r.h = g_new0(struct history, 1);
    r.h->path = g_strdup(path);
    r.h->zone = g_strdup(options->zone);
    if (good && map)
        good = (r.map = map_parse(options->map, map, error)) != NULL;
    good = good && read_table(&r, error);
    map_free(r.map);
    g_free(r.source);
    if (r.zone)
        g_time_zone_unref(r.zone);
    csv_free(csv);
    if (good)
        return r.h;
    history_free(r.h);
    return NULL;
}

static bool read_file(const char *path, char **bytes, gsize *size, GError **error)
{
    GError *wrong = NULL;

    if (!path || g_file_get_contents(path, bytes, size, &wrong))
        return true;
    error_set(error, "%s: %s", path, wrong->message);
    g_error_free(wrong);
    return false;
}

struct history *history_read(const char *path, const struct history_options *options,
                             GError **error)
{
    char *bytes = NULL, *map = NULL;
    gsize size = 0, map_size;
    struct history *h = NULL;

    if (read_file(path, &bytes, &size, error) &&
        read_file(options->map, &map, &map_size, error))
        h = history_parse(path, bytes, size, map, options, error);
    g_free(bytes);
    g_free(map);
    return h;
}

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

int history_find_alerts(const struct history *h)
{
    for (int k = 0; k < h->columns; k++)
        if (h->column[k].heading.kind == HEADING_ALERTS)
            return k;
    return -1;
}

double history_value(const struct history *h, int row, int column)
{
    return column < 0 ? (double)NAN
                      : h->value[(gsize)row * (gsize)h->columns + (gsize)column];
}

/* Each neighbour's share in a window of 1 s with ramps of 0.1 s: half of a ramp times
 * (1/2 - 1/pi). */
static const double NEIGHBOUR = 0.05 * 0.18169011381620932;

/* What is left of the neighbours is taken out, to the second order of their share. */
static double sharpen(const double x[5])
{
    const double near = x[1] + x[3], far = x[0] + x[4];

    return x[2] + NEIGHBOUR * (2 * x[2] - near) +
           NEIGHBOUR * NEIGHBOUR * (6 * x[2] - 4 * near + far);
}

double history_world_value(const struct history *h, int row, int column)
{
    const bool squares =
        heading_kind_of(h->column[column].heading.quantity) == QUANTITY_CURRENT;
    double x[5];

    if (!h->own || row < 2 || row + 2 >= h->rows)
        return history_value(h, row, column);
    for (int k = 0; k < 5; k++) {
        x[k] = history_value(h, row - 2 + k, column);
        x[k] *= squares ? x[k] : 1; /* a current is a mean of squares */
    }
    const double sharp = sharpen(x);
    if (isnan(sharp))
        return history_value(h, row, column);
    return squares ? sqrt(fmax(sharp, 0)) : sharp;
}

int64_t history_stamp_ms(const struct history *h, int row)
{
    return !h->ends ? h->row[row].at_ms
                    : h->row[row].to_ms + (h->own ? HISTORY_OWN_LAG_MS : 0);
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
