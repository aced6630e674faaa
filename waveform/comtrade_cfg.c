/* The header (.cfg) of a COMTRADE file, IEEE C37.111-2013 clause 7; the older revisions
 * lack lines at the end and fields in lines. A field is judged by what is there, not by
 * the revision named in line 1, since files mix them. */
#include "waveform/comtrade_cfg.h"
#include "waveform/comtrade_encoding.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FIELDS_ANALOG_1991 = 10,
    FIELDS_ANALOG = 13,
    FIELDS_STATUS_1991 = 3,
    FIELDS_STATUS = 5,
    FIELDS_MAX = 16,
    RATES_MAX = 999,
    DIGITS_NS = 9 /* of a second: time stamps are ns, IEEE C37.111-2013 7.4.8 */
};

struct cfg {
    struct comtrade *file;
    struct comtrade_text *text;
    struct comtrade_error *error;
    struct comtrade_span line, field[FIELDS_MAX];
    int fields;
    enum comtrade_encoding encoding;
    bool wide; /* analogue channels of more than the fields of 1991 */
    bool settled;
};

static int fail(struct cfg *c, const char *expected, struct comtrade_span found)
{
    return comtrade_fail_line(c->error, c->text->name, c->text->line, expected, found);
}

static int next(struct cfg *c, const char *expected)
{
    if (!comtrade_text_line_filled(c->text, &c->line)) {
        c->text->line++;
        return fail(c, expected, comtrade_span_of("end of file"));
    }
    c->fields = comtrade_span_fields(c->line, c->field, FIELDS_MAX);
    return 0;
}

static struct comtrade_span field(const struct cfg *c, int i)
{
    return i < c->fields && i < FIELDS_MAX ? c->field[i] : comtrade_span_of("");
}

static void copy(const struct cfg *c, int i, char *out)
{
    comtrade_encoding_copy(c->encoding, field(c, i), out, COMTRADE_TEXT);
}

/* A number that may be left out. */
static int number_or(struct cfg *c, int i, double absent, const char *expected,
                     double *out)
{
    *out = absent;
    struct comtrade_span s = field(c, i);
    if (s.size > 0 && !comtrade_span_number(s, out))
        return fail(c, expected, s);
    return 0;
}

static int parse_station(struct cfg *c)
{
    const char *what = "station,device,revision";
    if (next(c, what))
        return -1;
    if (c->fields > 3)
        return fail(c, what, c->line);
    copy(c, 0, c->file->station);
    copy(c, 1, c->file->device);
    int64_t year = 0;
    struct comtrade_span s = field(c, 2);
    if (s.size > 0 && !comtrade_span_integer(s, &year))
        return fail(c, "the year of the revision", s);
    if (c->fields < 3)
        year = 1991;
    /* 1997 is a draft of 1999; 2001 is IEC 60255-24, the same text. */
    if (year == 1997 || year == 2001)
        year = 1999;
    c->settled = year == 1991 || year == 1999 || year == 2013;
    c->file->revision = c->settled ? (int)year : 0;
    return 0;
}

/* Other years are found: as editions of other bodies, or made up by programs. What
 * there is of fields and lines decides, now and, at the end of the header, for 2013. */
static void settle_revision(struct cfg *c)
{
    if (!c->settled)
        c->file->revision = c->wide || c->file->analog_count == 0 ? 1999 : 1991;
}

static void settle_late(struct cfg *c, bool codes)
{
    struct comtrade *f = c->file;
    if (c->settled)
        return;
    if (codes || f->format == COMTRADE_BINARY32 || f->format == COMTRADE_FLOAT32)
        f->revision = 2013;
    comtrade_warn(f,
                  "the revision in line 1 is none of 1991, 1999 and 2013: by its "
                  "syntax the file is of %d",
                  f->revision);
}

static int parse_count(struct cfg *c, int i, const char *letter, int *count)
{
    const char *what =
        *letter == 'A' ? "0A to 999A analogue channels" : "0D to 999D status channels";
    struct comtrade_span s = field(c, i), digits = s;
    int64_t n;
    if (s.size > 0) {
        digits.size--;
        digits = comtrade_span_trim(digits);
    }
    struct comtrade_span last = { s.at + digits.size, s.size - digits.size };
    if (!comtrade_span_is(comtrade_span_trim(last), letter) ||
        !comtrade_span_integer(digits, &n) || n < 0 || n > COMTRADE_CHANNELS_MAX)
        return fail(c, what, s);
    *count = (int)n;
    return 0;
}

static int parse_counts(struct cfg *c)
{
    struct comtrade *f = c->file;
    if (next(c, "the numbers of channels"))
        return -1;
    if (parse_count(c, 1, "A", &f->analog_count) ||
        parse_count(c, 2, "D", &f->status_count))
        return -1;
    int64_t total;
    if (f->analog_count + f->status_count == 0)
        return fail(c, "at least one channel", c->line);
    if (!comtrade_span_integer(field(c, 0), &total))
        comtrade_warn(f, "line 2 does not begin with the number of channels");
    else if (total != f->analog_count + f->status_count)
        comtrade_warn(f, "the header counts %lld channels and has %d", (long long)total,
                      f->analog_count + f->status_count);
    f->analog = calloc((size_t)f->analog_count + 1, sizeof *f->analog);
    f->status_name = calloc((size_t)f->status_count + 1, sizeof *f->status_name);
    if (!f->analog || !f->status_name)
        return comtrade_fail(c->error, "%s: not enough memory", c->text->name);
    return 0;
}

static int parse_side(struct cfg *c, struct comtrade_analog *a)
{
    struct comtrade_span s = field(c, 12);
    if (s.size > 0 && !comtrade_span_is(s, "P") && !comtrade_span_is(s, "S"))
        return fail(c, "P (primary) or S (secondary)", s);
    a->is_primary = comtrade_span_is(s, "P");
    return 0;
}

/* A blank field too many, before the unit: what follows is one place further on. */
static void drop_blank(struct cfg *c)
{
    double a;
    if (c->fields != FIELDS_ANALOG + 1 || field(c, 4).size > 0 ||
        comtrade_span_number(field(c, 5), &a) || !comtrade_span_number(field(c, 6), &a))
        return;
    for (int i = 4; i < FIELDS_ANALOG; i++)
        c->field[i] = c->field[i + 1];
    c->fields--;
    comtrade_warn(c->file, "line %lld has a blank field too many",
                  (long long)c->text->line);
}

static int parse_analog(struct cfg *c, struct comtrade_analog *a)
{
    if (next(c, "an analogue channel"))
        return -1;
    drop_blank(c);
    if (c->fields < FIELDS_ANALOG_1991 || c->fields > FIELDS_ANALOG + 1)
        return fail(c, "an analogue channel of 10 or 13 fields", c->line);
    c->wide = c->wide || c->fields > FIELDS_ANALOG_1991;
    copy(c, 1, a->name);
    copy(c, 2, a->phase);
    copy(c, 3, a->circuit);
    copy(c, 4, a->unit);
    if (!comtrade_span_number(field(c, 5), &a->a))
        return fail(c, "the factor a of the channel", field(c, 5));
    if (number_or(c, 6, 0, "the offset b of the channel", &a->b) ||
        number_or(c, 7, 0, "the skew of the channel in us", &a->skew_us) ||
        number_or(c, 10, 1, "the primary factor", &a->primary) ||
        number_or(c, 11, 1, "the secondary factor", &a->secondary))
        return -1;
    return parse_side(c, a);
}

static int parse_channels(struct cfg *c)
{
    for (int i = 0; i < c->file->analog_count; i++)
        if (parse_analog(c, &c->file->analog[i]))
            return -1;
    for (int i = 0; i < c->file->status_count; i++) {
        if (next(c, "a status channel"))
            return -1;
        if (c->fields < FIELDS_STATUS_1991 - 1 || c->fields > FIELDS_STATUS + 1)
            return fail(c, "a status channel of 3 or 5 fields", c->line);
        copy(c, 1, c->file->status_name[i]);
    }
    return 0;
}

static bool has_byte(struct comtrade_span s, char byte)
{
    return s.size > 0 && memchr(s.at, byte, s.size) != NULL;
}

/* Programs that fill up a fixed number of lines repeat the last one. 1: such a line. */
static int parse_rate(struct cfg *c, int i)
{
    struct comtrade_rate *rate = &c->file->rate[i];
    if (next(c, "rate,last sample"))
        return -1;
    if (!comtrade_span_number(field(c, 0), &rate->hz) || rate->hz > 1e9 ||
        !(rate->hz == 0 || rate->hz >= 1e-3))
        return fail(c, "a sampling rate of 0, or 0.001 to 1e9 a second", field(c, 0));
    if (!comtrade_span_integer(field(c, 1), &rate->end) || rate->end < 1)
        return fail(c, "the number of the last sample at this rate", field(c, 1));
    if (i > 0 && rate->end == rate[-1].end && rate->hz == rate[-1].hz)
        return 1;
    if (i > 0 && rate->end <= rate[-1].end)
        return fail(c, "a last sample above that of the rate before", field(c, 1));
    c->file->announced = rate->end;
    return 0;
}

/* A rate of 0 says that the time stamps count. */
static void drop_zero_rates(struct comtrade *f)
{
    for (int i = 0; i < f->rate_count; i++)
        if (!(f->rate[i].hz > 0)) {
            f->rate_count = 0;
            return;
        }
}

static bool next_line_is_date(struct cfg *c)
{
    struct comtrade_text ahead = *c->text;
    struct comtrade_span line;
    return comtrade_text_line_filled(&ahead, &line) && has_byte(line, '/');
}

static bool is_count(struct comtrade_span s)
{
    int64_t n;
    return comtrade_span_integer(comtrade_span_trim(s), &n) && n >= 0 && n <= RATES_MAX;
}

/* An empty line, the number of rates, a rate with its last sample. */
static bool frequency_is_blank(const struct cfg *c)
{
    struct comtrade_text ahead = *c->text;
    struct comtrade_span line, count, rate;
    return comtrade_text_line(&ahead, &line) && comtrade_span_trim(line).size == 0 &&
           comtrade_text_line_filled(&ahead, &count) && is_count(count) &&
           comtrade_text_line_filled(&ahead, &rate) && has_byte(rate, ',') &&
           !has_byte(rate, '/');
}

static int parse_frequency(struct cfg *c)
{
    c->file->line_hz = 0;
    if (!frequency_is_blank(c) &&
        (next(c, "the line frequency") ||
         number_or(c, 0, 0, "the line frequency", &c->file->line_hz)))
        return -1;
    if (!(c->file->line_hz > 0))
        comtrade_warn(c->file, "the header has no line frequency");
    return 0;
}

static int parse_rate_lines(struct cfg *c, int lines)
{
    int kept = 0;
    for (int i = 0; i < lines; i++) {
        int repeated = parse_rate(c, kept);
        if (repeated < 0)
            return -1;
        kept += !repeated;
    }
    if (kept < lines)
        comtrade_warn(c->file, "%d lines of rates repeat the one before", lines - kept);
    return kept;
}

static int parse_rates(struct cfg *c)
{
    int64_t n;
    if (parse_frequency(c))
        return -1;
    if (next(c, "the number of sampling rates"))
        return -1;
    if (c->fields > 2 || !comtrade_span_integer(field(c, 0), &n) || n < 0 ||
        n > RATES_MAX)
        return fail(c, "the number of sampling rates, 0 to 999", c->line);
    int lines = n > 0 ? (int)n : next_line_is_date(c) ? 0 : 1;
    c->file->rate = calloc((size_t)lines + 1, sizeof *c->file->rate);
    if (!c->file->rate)
        return comtrade_fail(c->error, "%s: not enough memory", c->text->name);
    int kept = parse_rate_lines(c, lines);
    if (kept < 0)
        return -1;
    c->file->rate_count = n > 0 ? kept : 0;
    drop_zero_rates(c->file);
    return 0;
}

static bool cut_integer(struct comtrade_span *rest, char separator, int *out)
{
    size_t n = 0;
    int64_t value = 0;
    while (n < rest->size && rest->at[n] != separator)
        n++;
    struct comtrade_span part = { rest->at, n };
    if (!comtrade_span_integer(comtrade_span_trim(part), &value) || value < 0 ||
        value > 9999)
        return false;
    size_t skip = n < rest->size ? n + 1 : n;
    *rest = (struct comtrade_span){ rest->at + skip, rest->size - skip };
    *out = (int)value;
    return true;
}

/* 1991: mm/dd/yy, later dd/mm/yyyy. Where that makes a month above 12, it is the other
 * way round. */
static bool parse_date(const struct comtrade *f, struct comtrade_span s,
                       struct comtrade_time *t)
{
    int first, second, year;
    if (!cut_integer(&s, '/', &first) || !cut_integer(&s, '/', &second) ||
        !cut_integer(&s, '/', &year))
        return false;
    bool month_first = f->revision == 1991;
    if (month_first ? first > 12 : second > 12)
        month_first = !month_first;
    t->month = month_first ? first : second;
    t->day = month_first ? second : first;
    t->year = year < 70 ? year + 2000 : year < 100 ? year + 1900 : year;
    return t->month >= 1 && t->month <= 12 && t->day >= 1 && t->day <= 31;
}

static bool parse_clock(struct comtrade_span s, struct comtrade_time *t, int *digits)
{
    if (!cut_integer(&s, ':', &t->hour) || !cut_integer(&s, ':', &t->minute))
        return false;
    s = comtrade_span_trim(s);
    const char *point = s.size > 0 ? memchr(s.at, '.', s.size) : NULL;
    *digits = point ? (int)(s.at + s.size - point - 1) : 0;
    return comtrade_span_number(s, &t->second) && t->hour < 25 && t->minute < 60 &&
           t->second >= 0 && t->second < 62;
}

/* No sample depends on the date: one that cannot be is a warning, a line that is none
 * an error. */
static int parse_time(struct cfg *c, const char *what, struct comtrade_time *t,
                      int *digits)
{
    if (next(c, what))
        return -1;
    struct comtrade_span date = field(c, 0), clock = field(c, 1);
    bool empty = date.size == 0 && clock.size == 0;
    if (c->fields > 3 || (!empty && !has_byte(date, '/')))
        return fail(c, what, c->line);
    if (!parse_date(c->file, date, t) || !parse_clock(clock, t, digits)) {
        memset(t, 0, sizeof *t);
        comtrade_warn(c->file, "line %lld is not a date and time",
                      (long long)c->text->line);
    }
    return 0;
}

static int parse_format(struct cfg *c)
{
    static const char *const word[] = { "ASCII", "BINARY", "BINARY32", "FLOAT32" };
    const char *what = "ASCII, BINARY, BINARY32 or FLOAT32";
    if (next(c, what))
        return -1;
    for (int i = COMTRADE_ASCII; i <= COMTRADE_FLOAT32; i++)
        if (comtrade_span_is(field(c, 0), word[i])) {
            c->file->format = (enum comtrade_format)i;
            return 0;
        }
    return fail(c, what, c->line);
}

static int parse_multiplier(struct cfg *c, bool nanoseconds, double *stamp_s)
{
    double factor = 1;
    if (comtrade_text_line_filled(c->text, &c->line)) {
        c->fields = comtrade_span_fields(c->line, c->field, FIELDS_MAX);
        if (!comtrade_span_number(field(c, 0), &factor) || !(factor > 0) ||
            factor > 1e12)
            return fail(c, "the time stamp multiplication factor", c->line);
    } else if (c->file->revision != 1991) {
        comtrade_warn(c->file, "no time stamp multiplication factor: 1 taken");
    }
    *stamp_s = factor * (nanoseconds ? 1e-9 : 1e-6);
    return 0;
}

int comtrade_cfg_parse(struct comtrade *file, struct comtrade_text *t, double *stamp_s,
                       struct comtrade_error *error)
{
    struct cfg c = { .file = file, .text = t, .error = error };
    struct comtrade_text ahead;
    struct comtrade_span line;
    int digits = 0, trigger_digits = 0;
    if (t->end - t->at >= 3 && memcmp(t->at, "\xef\xbb\xbf", 3) == 0)
        t->at += 3; /* the byte order mark that some editors leave */
    c.encoding =
        comtrade_encoding_of((struct comtrade_span){ t->at, (size_t)(t->end - t->at) });
    if (parse_station(&c) || parse_counts(&c) || parse_channels(&c))
        return -1;
    settle_revision(&c);
    if (parse_rates(&c) ||
        parse_time(&c, "the date and time of the first sample", &file->start,
                   &digits) ||
        parse_time(&c, "the date and time of the trigger", &file->trigger,
                   &trigger_digits) ||
        parse_format(&c))
        return -1;
    ahead = *t; /* after the multiplier, 2013 has codes of the time zone */
    bool codes = comtrade_text_line_filled(&ahead, &line);
    codes = codes && comtrade_text_line_filled(&ahead, &line) && has_byte(line, ',');
    settle_late(&c, codes);
    bool nanoseconds = file->revision == 2013 && digits >= DIGITS_NS;
    return parse_multiplier(&c, nanoseconds, stamp_s);
}
