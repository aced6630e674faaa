/* The data (.dat) of a COMTRADE file, IEEE C37.111-2013 clause 8. Memory is allocated for
 * no more rows than the bytes present can hold. A missing value (0x8000 in BINARY,
 * 0x80000000 in BINARY32, no finite number in FLOAT32, 99999 or nothing in ASCII since
 * 1999) repeats the value before it: a step to zero would be metered as an event. */
#include "waveform/comtrade_data.h"
#include "waveform/base/constants.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROW_HEAD = 8, /* bytes: sample number and time stamp */
    BINARY_MISSING = 0x8000,
    ASCII_MISSING = 99999, /* the largest value is 99998 */
    NUMBERS_APART_MAX = 1000
};
static const uint32_t BINARY32_MISSING = 0x80000000u;

int comtrade_data_allocate(struct comtrade *file, int64_t rows,
                           struct comtrade_error *error)
{
    size_t n = (size_t)rows;
    file->seconds = malloc(n * sizeof *file->seconds);
    file->value = calloc((size_t)file->analog_count + 1, sizeof *file->value);
    file->status = calloc((size_t)file->status_count + 1, sizeof *file->status);
    bool ok = file->seconds && file->value && file->status;
    for (int i = 0; ok && i < file->analog_count; i++)
        ok = (file->value[i] = malloc(n * sizeof *file->value[i])) != NULL;
    for (int i = 0; ok && i < file->status_count; i++)
        ok = (file->status[i] = malloc(n)) != NULL;
    return ok ? 0 : comtrade_fail(error, "not enough memory for %zu samples", n);
}

void comtrade_data_put(struct comtrade *file, struct comtrade_data *data, int channel,
                       int64_t row, double raw)
{
    double *value = file->value[channel];
    const struct comtrade_analog *a = &file->analog[channel];
    double scaled = a->a * raw + a->b;
    if (isfinite(scaled)) {
        value[row] = scaled;
        return;
    }
    value[row] =
        row > 0 ? value[row - 1] : NAN; /* NAN: filled from behind at the end */
    data->gaps++;
}

size_t comtrade_row_size(const struct comtrade *file)
{
    size_t word = file->format == COMTRADE_BINARY ? 2 : 4;
    return ROW_HEAD + word * (size_t)file->analog_count +
           2 * (((size_t)file->status_count + 15) / 16);
}

static uint32_t get_word(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

static double get_value(enum comtrade_format format, const unsigned char *at)
{
    if (format == COMTRADE_BINARY) {
        int raw = at[0] | at[1] << 8;
        return raw == BINARY_MISSING  ? (double)NAN
               : raw > BINARY_MISSING ? raw - 0x10000
                                      : raw;
    }
    uint32_t word = get_word(at);
    if (format == COMTRADE_BINARY32) {
        double raw = word;
        return word == BINARY32_MISSING  ? NAN
               : word > BINARY32_MISSING ? raw - TWO_TO_32
                                         : raw;
    }
    float real;
    memcpy(&real, &word, sizeof real);
    return (double)real;
}

static int fail_row(struct comtrade_data *d, struct comtrade_error *error, int64_t row,
                    size_t row_size, const char *expected, uint32_t found)
{
    return comtrade_fail(error, "%s: byte %zu: expected %s, found %lu", d->name,
                         (size_t)row * row_size, expected, (unsigned long)found);
}

/* The stamps are signed in some files, unsigned in others: only their differences,
 * modulo 2^32, say the same in both. */
static int put_stamp(struct comtrade *file, struct comtrade_data *d, int64_t row,
                     const unsigned char *at, struct comtrade_error *error)
{
    size_t size = comtrade_row_size(file);
    uint32_t stamp = get_word(at + 4);
    if (row == 0) {
        file->seconds[0] = 0;
        return 0;
    }
    uint32_t before = get_word(at + 4 - size), step = stamp - before;
    if (d->stamps_rule && (step == 0 || step > INT32_MAX))
        return fail_row(d, error, row, size, "a time stamp above the one before",
                        stamp);
    bool missing = !d->stamps_rule && (stamp == UINT32_MAX || step > INT32_MAX);
    file->seconds[row] = missing ? NAN : file->seconds[row - 1] + step * d->stamp_s;
    return 0;
}

static void put_row(struct comtrade *file, struct comtrade_data *d, int64_t row,
                    const unsigned char *at)
{
    size_t word = file->format == COMTRADE_BINARY ? 2 : 4;
    at += ROW_HEAD;
    for (int i = 0; i < file->analog_count; i++, at += word)
        comtrade_data_put(file, d, i, row, get_value(file->format, at));
    for (int i = 0; i < file->status_count; i++)
        file->status[i][row] = at[i / 8] >> (i % 8) & 1;
}

/* A file whose second row is not numbered above the first is not laid out as the header
 * says. */
static int check_numbers(struct comtrade_data *d, size_t row_size,
                         struct comtrade_error *error)
{
    if (d->size < 2 * row_size)
        return 0;
    const unsigned char *at = (const unsigned char *)d->at;
    uint32_t first = get_word(at), second = get_word(at + row_size);
    if (second - first - 1 >= NUMBERS_APART_MAX)
        return fail_row(d, error, 1, row_size, "the number of the second sample",
                        second);
    return 0;
}

int comtrade_data_binary(struct comtrade *file, struct comtrade_data *data,
                         struct comtrade_error *error)
{
    size_t size = comtrade_row_size(file), rows = data->size / size;
    if (rows == 0)
        return comtrade_fail(error,
                             "%s: byte 0: expected a row of %zu bytes, found %zu bytes",
                             data->name, size, data->size);
    if (rows > COMTRADE_SAMPLES_MAX)
        return comtrade_fail(error, "%s: expected at most %d samples, found %zu",
                             data->name, COMTRADE_SAMPLES_MAX, rows);
    if (check_numbers(data, size, error) ||
        comtrade_data_allocate(file, (int64_t)rows, error))
        return -1;
    if (data->size % size > 0)
        comtrade_warn(file, "%zu bytes after the last whole row left out",
                      data->size % size);
    for (size_t row = 0; row < rows; row++) {
        const unsigned char *at = (const unsigned char *)data->at + row * size;
        if (put_stamp(file, data, (int64_t)row, at, error))
            return -1;
        put_row(file, data, (int64_t)row, at);
    }
    file->count = (int64_t)rows;
    return 0;
}

struct ascii {
    struct comtrade *file;
    struct comtrade_data *data;
    struct comtrade_error *error;
    struct comtrade_text text;
    double stamp; /* of the row before */
};

static int fail_field(struct ascii *a, const char *expected, struct comtrade_span found)
{
    return comtrade_fail_line(a->error, a->text.name, a->text.line, expected, found);
}

static int ascii_stamp(struct ascii *a, int64_t row, struct comtrade_span s)
{
    double stamp;
    bool present = s.size > 0;
    if (present && !comtrade_span_number(s, &stamp))
        return fail_field(a, "a time stamp", s);
    if (a->data->stamps_rule && (!present || (row > 0 && stamp <= a->stamp)))
        return fail_field(a, "a time stamp above the one before", s);
    a->file->seconds[row] = present ? stamp * a->data->stamp_s : NAN;
    a->stamp = present ? stamp : a->stamp;
    return 0;
}

static int ascii_value(struct ascii *a, int64_t row, int channel,
                       struct comtrade_span s)
{
    double raw = NAN;
    if (s.size > 0 && !comtrade_span_number(s, &raw)) {
        char what[COMTRADE_TEXT + 40];
        snprintf(what, sizeof what, "a value of channel %d (%s)", channel + 1,
                 a->file->analog[channel].name);
        return fail_field(a, what, s);
    }
    if (raw == ASCII_MISSING && a->file->revision != 1991)
        raw = NAN;
    comtrade_data_put(a->file, a->data, channel, row, raw);
    return 0;
}

static int ascii_status(struct ascii *a, int64_t row, int channel,
                        struct comtrade_span s)
{
    if (s.size > 0 && !comtrade_span_is(s, "0") && !comtrade_span_is(s, "1"))
        return fail_field(a, "a status of 0 or 1", s);
    a->file->status[channel][row] = comtrade_span_is(s, "1");
    return 0;
}

static int ascii_row(struct ascii *a, int64_t row, struct comtrade_span line)
{
    struct comtrade_span s;
    int64_t number;
    comtrade_span_field(&line, &s);
    if (!comtrade_span_integer(s, &number))
        return fail_field(a, "a sample number", s);
    comtrade_span_field(&line, &s);
    if (ascii_stamp(a, row, s))
        return -1;
    for (int i = 0; i < a->file->analog_count; i++) {
        comtrade_span_field(&line, &s);
        if (ascii_value(a, row, i, s))
            return -1;
    }
    for (int i = 0; i < a->file->status_count; i++) {
        comtrade_span_field(&line, &s);
        if (ascii_status(a, row, i, s))
            return -1;
    }
    return 0;
}

/* Fields of a line; a comma that ends a full row opens no field. */
static int count_fields(struct comtrade_span line, int full)
{
    int n = 1;
    line = comtrade_span_trim(line);
    for (size_t i = 0; i < line.size; i++)
        n += line.at[i] == ',';
    return n == full + 1 && line.at[line.size - 1] == ',' ? full : n;
}

/* 0, 1 at the end of the data, or -1. A last row cut short is left out. */
static int ascii_next(struct ascii *a, int64_t row, int fields)
{
    struct comtrade_span line, rest;
    if (!comtrade_text_line_filled(&a->text, &line))
        return 1;
    int found = count_fields(line, fields);
    if (found == fields)
        return ascii_row(a, row, line);
    struct comtrade_text ahead = a->text;
    if (row > 0 && found < fields && !comtrade_text_line_filled(&ahead, &rest)) {
        comtrade_warn(a->file, "the last row is cut short and left out");
        return 1;
    }
    char what[64], have[32];
    snprintf(what, sizeof what, "a row of %d fields", fields);
    snprintf(have, sizeof have, "%d", found);
    return fail_field(a, what, comtrade_span_of(have));
}

/* No fewer bytes than fields make a row. */
static size_t ascii_rows_possible(const struct comtrade_data *d, int fields)
{
    size_t lines = 1;
    for (size_t i = 0; i < d->size; i++)
        lines += d->at[i] == '\n' || d->at[i] == '\r';
    size_t rows = d->size / (size_t)fields + 1;
    return lines < rows ? lines : rows;
}

int comtrade_data_ascii(struct comtrade *file, struct comtrade_data *data,
                        struct comtrade_error *error)
{
    int fields = 2 + file->analog_count + file->status_count, end = 0;
    struct ascii a = { file, data, error, { data->name, data->at, data->at, 0 }, 0 };
    a.text.end = data->at + data->size;
    a.text.line = data->first_line;
    size_t max = ascii_rows_possible(data, fields);
    if (max > COMTRADE_SAMPLES_MAX)
        return comtrade_fail(error, "%s: expected at most %d samples, found %zu lines",
                             data->name, COMTRADE_SAMPLES_MAX, max);
    if (comtrade_data_allocate(file, (int64_t)max, error))
        return -1;
    size_t row = 0;
    while (row < max && (end = ascii_next(&a, (int64_t)row, fields)) == 0)
        row++;
    if (end < 0)
        return -1;
    if (row == 0)
        return fail_field(&a, "a row of data", comtrade_span_of("end of file"));
    file->count = (int64_t)row;
    return 0;
}
