/* The steps of reading a log. See history_read.h. */
#include "sim/history/history_read.h"
#include "sim/history/history_headings.h"
#include "sim/history/history_steps.h"
#include "sim/history/history_times.h"
#include "sim/history/history_values.h"
#include "sim/program/error.h"

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
    if (!history_read_headings(r, error) || !history_read_times(r, error) ||
        !history_read_values(r, error))
        return false;
    if (h->own)
        history_find_steps(h);
    return true;
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
    g_autoptr(GError) wrong = NULL;

    if (!path || g_file_get_contents(path, bytes, size, &wrong))
        return true;
    error_set(error, "%s: %s", path, wrong->message);
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
