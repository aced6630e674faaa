/* Rows of a log, spread over it. See dump_history.h; sim/history/history_read.h reads them. */
#include "sim/diagnose/dump_history.h"
#include "sim/diagnose/dump_table.h"
#include "sim/history/history_read.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

enum { ROWS = 24, HEADING_MAX = 4096 };

bool dump_history_is(const char *text)
{
    const size_t line = strcspn(text, "\r\n");
    bool time = false, quantity = false;
    char *heading = g_utf8_make_valid(text, (gssize)MIN(line, HEADING_MAX));
    char **cells = g_strsplit_set(heading, ",;\t", -1);

    for (int n = 0; cells[n]; n++) {
        struct heading h = { .kind = HEADING_UNUSED };
        g_strdelimit(cells[n], "\"", ' ');
        heading_parse(g_strstrip(cells[n]), &h);
        time |= h.kind == HEADING_TIME || h.kind == HEADING_DATE;
        quantity |= h.kind == HEADING_QUANTITY;
    }
    g_strfreev(cells);
    g_free(heading);
    return time && quantity && !g_strrstr_len(text, (gssize)line, "register");
}

static bool add_row(struct observation *o, const struct history *h, int row,
                    const struct model *model, GError **error)
{
    struct dump_table t;

    dump_table_start(&t);
    for (int c = 0; c < h->columns; c++) {
        const struct heading *heading = &h->column[c].heading;
        const double value = history_value(h, row, c);
        if (heading->kind == HEADING_QUANTITY && heading->quantity < QUANTITIES &&
            !isnan(value)) {
            t.reading[heading->quantity] = value;
            t.readings++;
        }
    }
    t.time_s = (double)history_stamp_ms(h, row) / 1000;
    return dump_table_add(o, h->path, &t, model, error);
}

/* A row that lacks a reading is passed over, as long as there are others. */
static bool add_rows(struct observation *o, const struct history *h,
                     const struct model *model, GError **error)
{
    const int step = MAX(1, (h->rows + ROWS - 1) / ROWS), before = o->count;
    GError *first = NULL;

    for (int row = 0; row < h->rows && o->count < OBSERVATION_DUMPS; row += step)
        add_row(o, h, row, model, first ? NULL : &first);
    if (o->count > before) {
        g_clear_error(&first);
        return true;
    }
    if (first == NULL)
        return error_set(error, "%s: no rows", h->path);
    return error_move(error, first);
}

bool dump_history_parse(struct observation *o, const char *name, const char *text,
                        const struct model *model, GError **error)
{
    const struct history_options options = { .decimal = NUMBER_ANY };
    struct history *h = history_parse(name, text, strlen(text), NULL, &options, error);
    bool good = h != NULL && add_rows(o, h, model, error);

    history_free(h);
    return good;
}
