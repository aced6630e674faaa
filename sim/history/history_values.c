/* Cells of a log: numbers by one decimal mark, alerts. See history_values.h. */
#include "sim/history/history_values.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

static bool is_value(const struct history_column *c)
{
    return c->heading.kind == HEADING_QUANTITY || c->heading.kind == HEADING_ALERTS;
}

/* Blanks around it do not count; in `text`, which it returns. */
static char *trimmed(struct csv_cell cell, char *text, size_t room)
{
    g_strlcpy(text, cell.text, room);
    return g_strstrip(text);
}

/* A comma before three digits is a decimal mark or not; all cells decide together. */
static bool find_mark(struct history_reading *r, GError **error)
{
    struct number_marks all = { .point = false };
    struct csv_cell unclear = { .text = NULL }, comma = { .text = NULL };
    char text[64];

    for (int row = 0; row < r->csv->rows; row++)
        for (int k = 0; k < r->csv->columns; k++) {
            struct csv_cell cell = csv_cell(r->csv, row, k);
            struct number_marks one = { .point = false };
            if (r->h->column[k].heading.kind != HEADING_QUANTITY)
                continue;
            number_note(trimmed(cell, text, sizeof text), &one);
            unclear = one.unclear && !unclear.text ? cell : unclear;
            comma = one.comma && !comma.text ? cell : comma;
            all.point |= one.point;
            all.comma |= one.comma;
        }
    r->h->decimal = r->options->decimal ? r->options->decimal
                    : all.comma         ? NUMBER_COMMA
                                        : NUMBER_POINT;
    if (r->options->decimal || all.comma || all.point || !unclear.text)
        return true;
    csv_complain(r->csv, unclear, error,
                 "'%s' is a number with a decimal comma, or of thousands: give "
                 "--decimal comma or --decimal point",
                 unclear.text);
    return false;
}

static bool parse_alerts(const char *text, double *value)
{
    char *end;
    const bool hex = g_str_has_prefix(text, "0x") || g_str_has_prefix(text, "0X");
    guint64 bits = g_ascii_strtoull(text, &end, hex ? 16 : 10);

    *value = (double)bits;
    return g_ascii_isdigit(*text) && !*end && bits <= UINT16_MAX;
}

static bool parse_cell(struct history_reading *r, int row, int k, double *value,
                       GError **error)
{
    struct history_column *c = &r->h->column[k];
    struct csv_cell cell = csv_cell(r->csv, r->source[row], k);
    char text[64];
    int decimals = 0;

    *value = (double)NAN;
    trimmed(cell, text, sizeof text);
    if (!*text) {
        c->empty++;
        return true;
    }
    if (c->heading.kind == HEADING_ALERTS
            ? parse_alerts(text, value)
            : number_parse(text, r->h->decimal, value, &decimals)) {
        *value *= c->heading.factor;
        c->decimals = MAX(c->decimals, decimals);
        return true;
    }
    csv_complain(r->csv, cell, error,
                 "'%s' is no number, in column '%s'; an empty cell says that there is "
                 "none",
                 text, c->text);
    return false;
}

bool history_read_values(struct history_reading *r, GError **error)
{
    struct history *h = r->h;

    if (!find_mark(r, error))
        return false;
    h->value = g_new(double, (gsize)h->rows *(gsize)h->columns);
    for (int row = 0; row < h->rows; row++)
        for (int k = 0; k < h->columns; k++) {
            double *value = &h->value[(gsize)row * (gsize)h->columns + (gsize)k];
            *value = (double)NAN;
            if (is_value(&h->column[k]) && !parse_cell(r, row, k, value, error))
                return false;
        }
    return true;
}
