/* Times of a log's rows: in order, without repetitions, a step apart. See
 * history_times.h. */
#include "sim/history/history_times.h"
#include "sim/program/error.h"
#include <stdlib.h>
#include <string.h>

enum { SECOND_MS = 1000, HOUR_MS = 3600000 };

static struct csv_cell cell_of(const struct history_reading *r, int row)
{
    return csv_cell(r->csv, row, r->time);
}

static bool parse(const struct history_reading *r, int row, struct moment *m,
                  GError **error)
{
    struct csv_cell cell = cell_of(r, row);
    bool good = moment_parse(cell.text, m);

    if (good && r->date >= 0) {
        struct moment clock = *m, date;
        struct csv_cell day = csv_cell(r->csv, row, r->date);
        if (moment_parse(day.text, &date) && moment_join(&date, &clock, m))
            return true;
        cell = day;
        good = false;
    }
    if (good && (m->form != MOMENT_CALENDAR || m->year))
        return true;
    csv_complain(r->csv, cell, error,
                 good ? "'%s' is a time of day: a column of dates is missing"
                      : "'%s' is no time",
                 cell.text);
    return false;
}

/* What the rows show together: their form, and which of day and month stands first. */
static bool survey(struct history_reading *r, GError **error)
{
    enum moment_order seen = MOMENT_ORDER_UNKNOWN;
    struct moment m;

    for (int row = 0; row < r->csv->rows; row++) {
        if (!parse(r, row, &m, error))
            return false;
        if (row == 0) {
            r->h->form = m.form;
            r->h->zoned = m.has_zone;
        }
        if (m.form != r->h->form || m.has_zone != r->h->zoned) {
            csv_complain(r->csv, cell_of(r, row), error,
                         "'%s' is a time of another form than in the first row",
                         cell_of(r, row).text);
            return false;
        }
        enum moment_order shows = moment_shows(&m);
        if (shows && seen && shows != seen) {
            csv_complain(r->csv, cell_of(r, row), error,
                         "'%s' has the %s first, and rows above it the %s",
                         cell_of(r, row).text,
                         shows == MOMENT_DAY_FIRST ? "day" : "month",
                         shows == MOMENT_DAY_FIRST ? "month" : "day");
            return false;
        }
        seen = shows ? shows : seen;
    }
    r->h->dates = r->options->dates ? r->options->dates : seen;
    return true;
}

static bool complain_of(const struct history_reading *r, int row, int code,
                        GError **error)
{
    struct csv_cell cell = cell_of(r, row);

    if (code == MOMENT_UNCLEAR)
        csv_complain(r->csv, cell, error,
                     "'%s' has the day first or the month, and no row tells: give "
                     "--dates dmy or --dates mdy",
                     cell.text);
    else if (code == MOMENT_SKIPPED)
        csv_complain(r->csv, cell, error,
                     "'%s' does not exist in %s: clocks were put forward over it",
                     cell.text, r->options->zone);
    else
        csv_complain(r->csv, cell, error, "'%s' is no day of the calendar", cell.text);
    return false;
}

/* The row's time; `after_ms` is that of the row before. */
static bool resolve(struct history_reading *r, int row, int64_t after_ms,
                    struct history_row *to, bool *twice, GError **error)
{
    struct moment m;

    if (!parse(r, row, &m, error))
        return false;
    int code = moment_resolve(&m, r->h->dates, r->zone, after_ms, &to->at_ms, twice);
    if (code)
        return complain_of(r, row, code, error);
    to->line = cell_of(r, row).line;
    return true;
}

/* Newest first: the last row is earlier than the first one. */
static bool find_direction(struct history_reading *r, GError **error)
{
    struct history_row first = { 0 }, last = { 0 };
    bool twice;

    if (!resolve(r, 0, INT64_MIN, &first, &twice, error) ||
        !resolve(r, r->csv->rows - 1, INT64_MIN, &last, &twice, error))
        return false;
    r->h->newest_first = last.at_ms < first.at_ms;
    return true;
}

static bool is_repetition(const struct history_reading *r, int a, int b)
{
    for (int k = 0; k < r->csv->columns; k++)
        if (strcmp(csv_cell(r->csv, a, k).text, csv_cell(r->csv, b, k).text) != 0)
            return false;
    return true;
}

static bool complain_order(const struct history_reading *r, int row, int64_t by_ms,
                           GError **error)
{
    const bool local = r->h->form == MOMENT_CALENDAR && !r->h->zoned && !r->zone;

    if (by_ms == 0)
        csv_complain(r->csv, cell_of(r, row), error,
                     "'%s' stands there twice, with other values; leave one of the two "
                     "out",
                     cell_of(r, row).text);
    else
        csv_complain(r->csv, cell_of(r, row), error,
                     "'%s' is %.0f s before the row that precedes it%s",
                     cell_of(r, row).text, (double)by_ms / 1000,
                     local && by_ms <= HOUR_MS
                         ? ": where clocks were put back, --zone says so"
                         : "");
    return false;
}

/* Rows in the order of time, those that repeat one left out; `source` has the row of
 * the file for each. */
static bool sort(struct history_reading *r, int *source, GError **error)
{
    struct history *h = r->h;
    int64_t last_ms = INT64_MIN;
    const int rows = r->csv->rows;

    for (int n = 0; n < rows; n++) {
        const int row = h->newest_first ? rows - 1 - n : n;
        struct history_row *to = &h->row[h->rows];
        bool twice;
        if (!resolve(r, row, last_ms, to, &twice, error))
            return false;
        if (h->rows && to->at_ms == last_ms &&
            is_repetition(r, row, source[h->rows - 1])) {
            h->repeated++;
            continue;
        }
        if (h->rows && to->at_ms <= last_ms)
            return complain_order(r, row, last_ms - to->at_ms, error);
        h->twice += twice;
        last_ms = to->at_ms;
        source[h->rows++] = row;
    }
    return true;
}

static int compare_ms(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* The median of what rows are apart. */
static int64_t median_step(const struct history *h)
{
    g_autofree int64_t *apart = g_new(int64_t, h->rows);

    for (int k = 1; k < h->rows; k++)
        apart[k - 1] = h->row[k].at_ms - h->row[k - 1].at_ms;
    qsort(apart, (size_t)h->rows - 1, sizeof *apart, compare_ms);
    return apart[(h->rows - 1) / 2];
}

static void note_gap(struct history *h, int64_t apart_ms)
{
    if (apart_ms * 2 <= h->step_ms * 3)
        return;
    h->gaps++;
    h->longest_gap_ms = MAX(h->longest_gap_ms, apart_ms);
}

/* Stamps at the end: a row holds since the one before it, the first for a step. */
static void span_rows(struct history *h)
{
    const int64_t lag_ms = h->own ? HISTORY_OWN_LAG_MS : 0;
    int64_t last_ms = h->row[0].at_ms - h->step_ms;

    for (int k = 0; k < h->rows; k++) {
        const int64_t stamp = h->row[k].at_ms;
        h->row[k].stamp_ms = stamp;
        h->row[k].like = k;
        if (k)
            note_gap(h, stamp - last_ms);
        if (h->ends) {
            h->row[k].at_ms = last_ms - (k ? lag_ms : 0);
            h->row[k].to_ms = stamp - lag_ms;
        } else {
            h->row[k].to_ms =
                k + 1 < h->rows ? h->row[k + 1].at_ms : stamp + h->step_ms;
        }
        last_ms = stamp;
    }
}

static bool check_step(struct history_reading *r, GError **error)
{
    struct history *h = r->h;

    if (h->rows < 2) {
        csv_complain(r->csv, cell_of(r, 0), error,
                     "one row says nothing of how long it holds: two are needed");
        return false;
    }
    h->step_ms = median_step(h);
    if (h->step_ms >= SECOND_MS && h->step_ms <= HOUR_MS)
        return true;
    csv_complain(r->csv, cell_of(r, 1), error,
                 "rows are %.3f s apart; 1 s to 1 h can be read",
                 (double)h->step_ms / 1000);
    return false;
}

bool history_read_times(struct history_reading *r, GError **error)
{
    struct history *h = r->h;
    int *source = g_new(int, r->csv->rows);

    h->joined = r->date >= 0;
    h->row = g_new0(struct history_row, r->csv->rows);
    bool good = survey(r, error) && find_direction(r, error) &&
                sort(r, source, error) && check_step(r, error);
    r->source = source;
    if (!good)
        return false;
    h->ends = r->options->stamps == HISTORY_STAMPS_OPEN
                  ? h->column[r->time].heading.ends
                  : r->options->stamps == HISTORY_END;
    h->own = h->ends && h->column[r->time].heading.ends && h->step_ms == SECOND_MS;
    span_rows(h);
    return true;
}
