/* Columns of a log by their headings. See history_headings.h. */
#include "sim/history/history_headings.h"
#include "sim/program/error.h"

static void complain(const struct history_reading *r, int column, GError **error,
                     const char *what)
{
    const struct history_column *c = &r->h->column[column];

    csv_complain(r->csv, csv_cell(r->csv, -1, column), error,
                 "column '%s': %s; --map FILE says what it is, with a line '%s = "
                 "READING [UNIT]', or 'unused'",
                 c->text, what, c->text);
}

static bool read_heading(struct history_reading *r, int k, GError **error)
{
    struct history_column *c = &r->h->column[k];

    c->column = k;
    c->text = g_strstrip(g_strdup(csv_cell(r->csv, -1, k).text));
    if (!r->map || !map_find(r->map, c->text, &c->heading))
        heading_parse(c->text, &c->heading);
    if (c->heading.kind != HEADING_OPEN)
        return true;
    complain(r, k, error, c->heading.why);
    return false;
}

static bool is_same(const struct heading *a, const struct heading *b)
{
    return a->kind == b->kind && a->kind != HEADING_UNUSED &&
           (a->kind != HEADING_QUANTITY || a->quantity == b->quantity);
}

/* Two columns of one reading; a date and two times are a pair. */
static bool check_unique(const struct history_reading *r, int k, GError **error)
{
    for (int other = 0; other < k; other++) {
        const struct history_column *c = &r->h->column[other];
        if (!is_same(&c->heading, &r->h->column[k].heading))
            continue;
        g_autofree char *what =
            g_strdup_printf("it is the same reading as column '%s'", c->text);
        complain(r, k, error, what);
        return false;
    }
    return true;
}

/* A column "date" may have the time of day, too. */
static bool find_times(struct history_reading *r, GError **error)
{
    r->time = r->date = -1;
    for (int k = 0; k < r->h->columns; k++) {
        if (r->h->column[k].heading.kind == HEADING_TIME)
            r->time = k;
        if (r->h->column[k].heading.kind == HEADING_DATE)
            r->date = k;
    }
    if (r->time < 0 && r->date >= 0) {
        r->time = r->date;
        r->date = -1;
        r->h->column[r->time].heading.kind = HEADING_TIME;
    }
    if (r->time >= 0)
        return true;
    csv_complain(r->csv, csv_cell(r->csv, -1, 0), error,
                 "no column is a time by its heading; --map FILE says which is, with a "
                 "line 'HEADING = time'");
    return false;
}

static bool has_reading(const struct history *h)
{
    for (int k = 0; k < h->columns; k++)
        if (h->column[k].heading.kind == HEADING_QUANTITY)
            return true;
    return false;
}

bool history_read_headings(struct history_reading *r, GError **error)
{
    r->h->columns = r->csv->columns;
    r->h->column = g_new0(struct history_column, r->h->columns);
    for (int k = 0; k < r->h->columns; k++)
        if (!read_heading(r, k, error) || !check_unique(r, k, error))
            return false;
    if (r->map && !map_all_found(r->map, error))
        return false;
    if (!find_times(r, error))
        return false;
    if (has_reading(r->h))
        return true;
    csv_complain(
        r->csv, csv_cell(r->csv, -1, 0), error,
        "no column is a reading by its heading; --map FILE says which is, with "
        "lines 'HEADING = READING [UNIT]'");
    return false;
}
