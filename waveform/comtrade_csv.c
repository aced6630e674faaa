/* CSV of oscilloscopes and simulators, read into the struct of a COMTRADE file, so that
 * all that follows is the same. Rows are counted first: memory is bounded by the text. */
#include "waveform/comtrade_csv.h"
#include "waveform/comtrade_data.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_MAX = 64 };

struct csv {
    struct comtrade *file;
    struct comtrade_error *error;
    struct comtrade_text text;
    char separator;
    int columns, time; /* which column is the time */
    double unit_s;
};

static int fail(struct csv *c, const char *expected, struct comtrade_span found)
{
    return comtrade_fail_line(c->error, c->text.name, c->text.line, expected, found);
}

static bool next_line(struct csv *c, struct comtrade_span *line)
{
    while (comtrade_text_line_filled(&c->text, line)) {
        *line = comtrade_span_trim(*line);
        if (line->at[0] != '#')
            return true;
    }
    return false;
}

static char separator_of(struct comtrade_span heading)
{
    static const char choice[] = ";\t,";
    for (size_t k = 0; k + 1 < sizeof choice; k++)
        if (memchr(heading.at, choice[k], heading.size))
            return choice[k];
    return ',';
}

/* Cuts a field off the line, without quotes; false when there is none left. */
static bool cut_field(const struct csv *c, struct comtrade_span *rest,
                      struct comtrade_span *field)
{
    if (!rest->at)
        return false;
    const char *end = rest->size ? memchr(rest->at, c->separator, rest->size) : NULL;
    size_t size = end ? (size_t)(end - rest->at) : rest->size;
    *field = comtrade_span_trim((struct comtrade_span){ rest->at, size });
    if (field->size >= 2 && field->at[0] == '"' && field->at[field->size - 1] == '"')
        *field = (struct comtrade_span){ field->at + 1, field->size - 2 };
    *rest = end ? (struct comtrade_span){ end + 1, rest->size - size - 1 }
                : (struct comtrade_span){ NULL, 0 };
    return true;
}

/* "Va [kV]", "Va (kV)", "Va kV": name and unit. */
static void split_unit(struct comtrade_span s, struct comtrade_span *name,
                       struct comtrade_span *unit)
{
    size_t at = s.size, end = s.size;
    char last = s.size ? s.at[s.size - 1] : '\0';
    char open = last == ']' ? '[' : last == ')' ? '(' : ' ';
    while (at > 0 && s.at[at - 1] != open)
        at--;
    *name = s;
    *unit = comtrade_span_of("");
    if (at == 0)
        return;
    end -= open != ' ';
    *name = comtrade_span_trim((struct comtrade_span){ s.at, at - 1 });
    *unit = comtrade_span_trim((struct comtrade_span){ s.at + at, end - at });
}

static bool is_time(struct comtrade_span name)
{
    return comtrade_span_is(name, "time") || comtrade_span_is(name, "t") ||
           comtrade_span_is(name, "seconds");
}

static int set_time_unit(struct csv *c, struct comtrade_span unit)
{
    static const struct {
        const char *name;
        double seconds;
    } UNIT[] = {
        { "", 1 }, { "s", 1 }, { "ms", 1e-3 }, { "us", 1e-6 }, { "ns", 1e-9 }
    };
    for (size_t k = 0; k < sizeof UNIT / sizeof *UNIT; k++)
        if (comtrade_span_is(unit, UNIT[k].name)) {
            c->unit_s = UNIT[k].seconds;
            return 0;
        }
    return fail(c, "time in s, ms, us or ns", unit);
}

static struct comtrade_span without_brackets(struct comtrade_span s)
{
    char first = s.size >= 2 ? s.at[0] : '\0', last = s.size ? s.at[s.size - 1] : '\0';
    bool inside = (first == '(' && last == ')') || (first == '[' && last == ']');
    return inside ? (struct comtrade_span){ s.at + 1, s.size - 2 } : s;
}

/* With a decimal comma, where the comma is no separator. */
static bool number_of(const struct csv *c, struct comtrade_span s, double *x)
{
    char text[NUMBER_MAX];
    if (comtrade_span_number(s, x))
        return true;
    char *comma = s.size < sizeof text ? memcpy(text, s.at, s.size) : NULL;
    comma = comma && c->separator != ',' ? memchr(text, ',', s.size) : NULL;
    if (!comma)
        return false;
    *comma = '.';
    return comtrade_span_number((struct comtrade_span){ text, s.size }, x);
}

static int add_column(struct csv *c, struct comtrade_span field)
{
    struct comtrade_span name, unit;
    split_unit(field, &name, &unit);
    if (c->time < 0 && is_time(name)) {
        c->time = c->columns++;
        return set_time_unit(c, unit);
    }
    if (c->file->analog_count == COMTRADE_CHANNELS_MAX)
        return fail(c, "at most 999 channels", field);
    struct comtrade_analog *a = &c->file->analog[c->file->analog_count++];
    *a = (struct comtrade_analog){
        .a = 1, .primary = 1, .secondary = 1, .is_primary = true
    };
    comtrade_span_copy(name, a->name, sizeof a->name);
    comtrade_span_copy(unit, a->unit, sizeof a->unit);
    c->columns++;
    return 0;
}

static int read_heading(struct csv *c)
{
    struct comtrade_span line, field;
    if (!next_line(c, &line))
        return fail(c, "a heading", comtrade_span_of("end of file"));
    c->separator = separator_of(line);
    c->file->analog = calloc(COMTRADE_CHANNELS_MAX, sizeof *c->file->analog);
    c->file->status_name = calloc(1, sizeof *c->file->status_name);
    if (!c->file->analog || !c->file->status_name)
        return comtrade_fail(c->error, "%s: not enough memory", c->text.name);
    for (struct comtrade_span rest = line; cut_field(c, &rest, &field);)
        if (add_column(c, field))
            return -1;
    if (c->time < 0 || c->file->analog_count == 0)
        return fail(c, "a column 'time' and channels with units", line);
    return 0;
}

/* A row of units below the names, as oscilloscopes write it. */
static int read_units(struct csv *c)
{
    struct comtrade_text ahead = c->text;
    struct comtrade_span line, field;
    int column = 0, channel = 0;
    double x;
    if (!next_line(c, &line))
        return 0;
    for (struct comtrade_span rest = line; cut_field(c, &rest, &field); column++)
        if (column == c->time && (field.size == 0 || number_of(c, field, &x))) {
            c->text = ahead;
            return 0;
        }
    if (column != c->columns)
        return fail(c, "as many units as the heading has fields", line);
    column = 0;
    for (struct comtrade_span rest = line; cut_field(c, &rest, &field); column++) {
        field = without_brackets(field);
        if (column == c->time && set_time_unit(c, field))
            return -1;
        if (column != c->time)
            comtrade_span_copy(field, c->file->analog[channel++].unit, COMTRADE_TEXT);
    }
    return 0;
}

static int read_row(struct csv *c, struct comtrade_data *data,
                    struct comtrade_span line)
{
    int64_t row = c->file->count;
    int column = 0, channel = 0;
    struct comtrade_span field;
    for (; cut_field(c, &line, &field); column++) {
        double x;
        if (column == c->columns)
            return fail(c, "as many fields as the heading has", field);
        if (!number_of(c, field, &x) || (column == c->time && fabs(x) > 1e12))
            return fail(c, "a number", field);
        if (column == c->time)
            c->file->seconds[row] = x * c->unit_s;
        else
            comtrade_data_put(c->file, data, channel++, row, x);
    }
    if (column < c->columns)
        return fail(c, "as many fields as the heading has", comtrade_span_of("fewer"));
    if (row > 0 && !(c->file->seconds[row] > c->file->seconds[row - 1]))
        return fail(c, "a time above the one before", comtrade_span_of("it falls"));
    c->file->count++;
    return 0;
}

static int64_t count_lines(struct comtrade_text t)
{
    struct comtrade_span line;
    int64_t lines = 0;
    while (comtrade_text_line(&t, &line))
        lines++;
    return lines;
}

static int read_rows(struct csv *c)
{
    struct comtrade_data data = { .name = c->text.name };
    struct comtrade_span line;
    int64_t rows = count_lines(c->text);
    int64_t room = (int64_t)(c->text.end - c->text.at) / c->columns + 1;
    rows = rows < room ? rows : room; /* no fewer bytes than fields make a row */
    if (rows > COMTRADE_SAMPLES_MAX)
        return comtrade_fail(c->error, "%s: more than %d rows", c->text.name,
                             COMTRADE_SAMPLES_MAX);
    if (comtrade_data_allocate(c->file, rows + 1, c->error))
        return -1;
    while (next_line(c, &line))
        if (read_row(c, &data, line))
            return -1;
    if (c->file->count == 0)
        return fail(c, "a row of data", comtrade_span_of("end of file"));
    double first = c->file->seconds[0];
    for (int64_t i = 0; i < c->file->count; i++)
        c->file->seconds[i] -= first;
    return 0;
}

struct comtrade *comtrade_csv_parse(const char *name, const void *text, size_t size,
                                    struct comtrade_error *error)
{
    struct csv c = { .error = error, .time = -1, .text = { name, text, text, 0 } };
    c.text.end = c.text.at + size;
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        c.text.at += 3; /* the byte order mark that some editors leave */
    c.file = calloc(1, sizeof *c.file);
    if (!c.file) {
        comtrade_fail(error, "%s: not enough memory", name);
        return NULL;
    }
    c.file->revision = 2013;
    if (read_heading(&c) || read_units(&c) || read_rows(&c)) {
        comtrade_free(c.file);
        return NULL;
    }
    return c.file;
}
