/* Writes COMTRADE files, IEEE C37.111-1991, -1999 and -2013. Lines end with CR LF as
 * the standard asks. The text is the same in every locale; a number has as few digits
 * as bring the same number back. */
#include "waveform/comtrade_write.h"
#include "waveform/comtrade_data.h"
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES = 4096,
    NUMBER_TEXT = 40,
    DIGITS_FEW = 15,
    DIGITS_ALL = 17,
    ASCII_MAX_1991 = 999998,
    ASCII_MAX_1999 = 99998
};

static const char *const format_word[] = { "ASCII", "BINARY", "BINARY32", "FLOAT32" };

struct writer {
    const struct comtrade *file;
    struct comtrade_error *error;
    FILE *out;
    double stamp_s; /* unit of the time stamps */
    double raw_min, raw_max;
};

static bool in_nanoseconds(const struct comtrade *f)
{
    return f->revision == 2013 && f->rate_count == 0;
}

static void put_number(FILE *out, double number)
{
    char text[NUMBER_TEXT];
    int digits = DIGITS_FEW;
    do
        snprintf(text, sizeof text, "%.*g", digits, number);
    while (digits++ < DIGITS_ALL && strtod(text, NULL) != number);
    fputs(text, out);
}

static void put_analog(const struct writer *w, int i)
{
    const struct comtrade_analog *a = &w->file->analog[i];
    fprintf(w->out, "%d,%s,%s,%s,%s,", i + 1, a->name, a->phase, a->circuit, a->unit);
    put_number(w->out, a->a);
    fputc(',', w->out);
    put_number(w->out, a->b);
    fputc(',', w->out);
    put_number(w->out, a->skew_us);
    fputc(',', w->out);
    put_number(w->out, w->raw_min);
    fputc(',', w->out);
    put_number(w->out, w->raw_max);
    if (w->file->revision > 1991) {
        fputc(',', w->out);
        put_number(w->out, a->primary);
        fputc(',', w->out);
        put_number(w->out, a->secondary);
        fprintf(w->out, ",%c", a->is_primary ? 'P' : 'S');
    }
    fputs("\r\n", w->out);
}

static void put_rates(const struct writer *w)
{
    const struct comtrade *f = w->file;
    put_number(w->out, f->line_hz);
    fprintf(w->out, "\r\n%d\r\n", f->rate_count);
    for (int i = 0; i < f->rate_count; i++) {
        bool last = i + 1 == f->rate_count;
        put_number(w->out, f->rate[i].hz);
        fprintf(w->out, ",%lld\r\n", (long long)(last ? f->count : f->rate[i].end));
    }
    if (f->rate_count == 0)
        fprintf(w->out, "0,%lld\r\n", (long long)f->count);
}

static void put_time(const struct writer *w, const struct comtrade_time *t)
{
    int month = t->month ? t->month : 1, day = t->day ? t->day : 1;
    if (w->file->revision == 1991)
        fprintf(w->out, "%02d/%02d/%02d", month, day, t->year % 100);
    else
        fprintf(w->out, "%02d/%02d/%04d", day, month, t->year);
    bool fine = in_nanoseconds(w->file);
    fprintf(w->out, ",%02d:%02d:%0*.*f\r\n", t->hour, t->minute, fine ? 12 : 9,
            fine ? 9 : 6, t->second);
}

static int put_cfg(struct writer *w)
{
    const struct comtrade *f = w->file;
    fprintf(w->out, "%s,%s", f->station, f->device);
    if (f->revision > 1991)
        fprintf(w->out, ",%d", f->revision);
    fprintf(w->out, "\r\n%d,%dA,%dD\r\n", f->analog_count + f->status_count,
            f->analog_count, f->status_count);
    for (int i = 0; i < f->analog_count; i++)
        put_analog(w, i);
    for (int i = 0; i < f->status_count; i++)
        fprintf(w->out, f->revision > 1991 ? "%d,%s,,,0\r\n" : "%d,%s,0\r\n", i + 1,
                f->status_name[i]);
    put_rates(w);
    put_time(w, &f->start);
    put_time(w, &f->trigger);
    fprintf(w->out, "%s\r\n", format_word[f->format]);
    if (f->revision > 1991)
        fputs("1\r\n", w->out);
    if (f->revision == 2013)
        fputs("0,0\r\n0,0\r\n", w->out); /* time zone and quality: not known */
    return 0;
}

static int get_raw(const struct writer *w, int channel, int64_t row, double *raw)
{
    const struct comtrade_analog *a = &w->file->analog[channel];
    double value = w->file->value[channel][row];
    *raw = (value - a->b) / a->a;
    if (w->file->format != COMTRADE_FLOAT32)
        *raw = floor(*raw + 0.5);
    if (*raw >= w->raw_min && *raw <= w->raw_max)
        return 0;
    return comtrade_fail(
        w->error, "channel %s: %g at sample %lld does not fit %s with a = %g", a->name,
        value, (long long)row + 1, format_word[w->file->format], a->a);
}

static double get_stamp(const struct writer *w, int64_t row)
{
    return floor(w->file->seconds[row] / w->stamp_s + 0.5);
}

static int put_row_ascii(const struct writer *w, int64_t row)
{
    double raw;
    fprintf(w->out, "%lld,%.0f", (long long)row + 1, get_stamp(w, row));
    for (int i = 0; i < w->file->analog_count; i++) {
        if (get_raw(w, i, row, &raw))
            return -1;
        fprintf(w->out, ",%.0f", raw + 0.0);
    }
    for (int i = 0; i < w->file->status_count; i++)
        fprintf(w->out, ",%d", w->file->status[i][row]);
    fputs("\r\n", w->out);
    return 0;
}

static void put_bytes(FILE *out, uint32_t word, int bytes)
{
    for (int i = 0; i < bytes; i++)
        fputc((int)(word >> 8 * i & 0xff), out);
}

static void put_raw(const struct writer *w, double raw)
{
    uint32_t word;
    if (w->file->format == COMTRADE_FLOAT32) {
        float real = (float)raw;
        memcpy(&word, &real, sizeof word);
    } else {
        word = (uint32_t)(int32_t)raw;
    }
    put_bytes(w->out, word, w->file->format == COMTRADE_BINARY ? 2 : 4);
}

static void put_status(const struct writer *w, int64_t row)
{
    for (int i = 0; i < w->file->status_count; i += 16) {
        uint32_t word = 0;
        for (int k = 0; k < 16 && i + k < w->file->status_count; k++)
            word |= (uint32_t)(w->file->status[i + k][row] & 1) << k;
        put_bytes(w->out, word, 2);
    }
}

static int put_row_binary(const struct writer *w, int64_t row)
{
    double raw, stamp = get_stamp(w, row);
    if (stamp > UINT32_MAX)
        return comtrade_fail(w->error, "the time stamp of sample %lld does not fit",
                             (long long)row + 1);
    put_bytes(w->out, (uint32_t)(row + 1), 4);
    put_bytes(w->out, (uint32_t)stamp, 4);
    for (int i = 0; i < w->file->analog_count; i++) {
        if (get_raw(w, i, row, &raw))
            return -1;
        put_raw(w, raw);
    }
    put_status(w, row);
    return 0;
}

/* The lowest binary code means "missing", and is not used for values. */
static void set_range(struct writer *w)
{
    enum comtrade_format format = w->file->format;
    w->raw_max = w->file->revision == 1991   ? ASCII_MAX_1991
                 : w->file->revision == 1999 ? ASCII_MAX_1999
                                             : INT32_MAX;
    if (format == COMTRADE_BINARY)
        w->raw_max = INT16_MAX;
    if (format == COMTRADE_BINARY32)
        w->raw_max = INT32_MAX;
    if (format == COMTRADE_FLOAT32)
        w->raw_max = 3.4028234e38;
    w->raw_min = -w->raw_max;
}

static int put_data(struct writer *w)
{
    for (int64_t row = 0; row < w->file->count; row++)
        if (w->file->format == COMTRADE_ASCII ? put_row_ascii(w, row)
                                              : put_row_binary(w, row))
            return -1;
    return 0;
}

static int write_part(struct writer *w, const char *path, const char *extension,
                      int (*put)(struct writer *))
{
    char name[PATH_BYTES];
    snprintf(name, sizeof name, "%s%s", path, extension);
    w->out = fopen(name, "wb");
    if (!w->out)
        return comtrade_fail(w->error, "%.200s: %s", name, strerror(errno));
    int failed = put(w);
    bool bad = ferror(w->out);
    bad |= fclose(w->out) != 0;
    if (bad && !failed)
        failed = comtrade_fail(w->error, "%.200s: %s", name, strerror(errno));
    return failed;
}

static int check(const struct comtrade *f, struct comtrade_error *error)
{
    bool revision = f->revision == 1991 || f->revision == 1999 || f->revision == 2013;
    bool wide = f->format == COMTRADE_BINARY32 || f->format == COMTRADE_FLOAT32;
    if (!revision || (wide && f->revision != 2013))
        return comtrade_fail(error, "there is no %s of revision %d",
                             format_word[f->format], f->revision);
    for (int i = 0; i < f->analog_count; i++)
        if (!isfinite(f->analog[i].a) || !(fabs(f->analog[i].a) > 0))
            return comtrade_fail(error, "channel %s: expected a factor a, found %g",
                                 f->analog[i].name, f->analog[i].a);
    return 0;
}

static int write_parts(const struct comtrade *file, const char *path, bool data,
                       struct comtrade_error *error)
{
    struct writer w = { .file = file, .error = error };
    if (check(file, error))
        return -1;
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return comtrade_fail(error, "not enough memory");
    locale_t before = uselocale(c);
    w.stamp_s = in_nanoseconds(file) ? 1e-9 : 1e-6;
    set_range(&w);
    int failed = write_part(&w, path, ".cfg", put_cfg) ||
                 (data && write_part(&w, path, ".dat", put_data));
    uselocale(before);
    freelocale(c);
    return failed ? -1 : 0;
}

int comtrade_write(const struct comtrade *file, const char *path_without_extension,
                   struct comtrade_error *error)
{
    return write_parts(file, path_without_extension, true, error);
}

int comtrade_write_header(const struct comtrade *file, const char *path,
                          struct comtrade_error *error)
{
    return write_parts(file, path, false, error);
}
