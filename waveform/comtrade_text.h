/* Text of a COMTRADE file, read line by line and field by field without a copy, and the
 * errors about it. Shared by the readers of .cfg and .dat; nobody else needs it. */
#pragma once

#include "waveform/comtrade.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes inside the file, not NUL-terminated. */
struct comtrade_span {
    const char *at;
    size_t size;
};

/* What is left of a text. */
struct comtrade_text {
    const char *name; /* of the file, for errors */
    const char *at, *end;
    int64_t line; /* number of the line read last, base 1 */
};

/* The next line, without its CR LF, LF or CR. False at the end. */
bool comtrade_text_line(struct comtrade_text *t, struct comtrade_span *line);

/* The same, over lines of nothing but blanks. */
bool comtrade_text_line_filled(struct comtrade_text *t, struct comtrade_span *line);

struct comtrade_span comtrade_span_of(const char *text);
struct comtrade_span comtrade_span_trim(struct comtrade_span s);

/* Cuts the next field, trimmed, off `rest`. False when there is none left. */
bool comtrade_span_field(struct comtrade_span *rest, struct comtrade_span *field);

/* All fields of a line; returns how many there are, of which `max` are stored. */
int comtrade_span_fields(struct comtrade_span line, struct comtrade_span *field,
                         int max);

/* Case is ignored. */
bool comtrade_span_is(struct comtrade_span s, const char *word);
bool comtrade_span_starts(struct comtrade_span s, const char *word);

/* Decimal numbers in any locale; all of the span must be one, and finite. */
bool comtrade_span_number(struct comtrade_span s, double *number);
bool comtrade_span_integer(struct comtrade_span s, int64_t *integer);

/* No byte above 0x7F that is not UTF-8. */
bool comtrade_span_is_utf8(struct comtrade_span s);

/* As valid UTF-8 without control characters, cut to fit. */
void comtrade_span_copy(struct comtrade_span s, char *out, size_t size);

/* "name:line: expected …, found '…'"; without a line when line is 0. Returns -1. */
int comtrade_fail_line(struct comtrade_error *error, const char *name, int64_t line,
                       const char *expected, struct comtrade_span found);

/* Any other error. Returns -1. */
int comtrade_fail(struct comtrade_error *error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds to file->warning. */
void comtrade_warn(struct comtrade *file, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
