/* The data (.dat) of a COMTRADE file. */
#pragma once

#include "waveform/comtrade.h"
#include "waveform/comtrade_text.h"
#include <stddef.h>
#include <stdint.h>

/* The data of one file while they are read. */
struct comtrade_data {
    const char *name; /* of the file, for errors */
    const char *at;   /* the bytes */
    size_t size;
    int64_t first_line; /* lines before the data in a .cff, else 0 */
    double stamp_s;     /* unit of the time stamps */
    bool stamps_rule;   /* no rates: time stamps must be there and increase */
    int64_t gaps;       /* values missing, held over */
};

/* Reads the rows: count, value, status, and the time stamps into seconds (NAN where
 * there is none, not from zero yet). 0, or -1 and an error. */
int comtrade_data_ascii(struct comtrade *file, struct comtrade_data *data,
                        struct comtrade_error *error);
int comtrade_data_binary(struct comtrade *file, struct comtrade_data *data,
                         struct comtrade_error *error);

/* Memory for `rows` rows of every channel. 0, or -1 and an error. */
int comtrade_data_allocate(struct comtrade *file, int64_t rows,
                           struct comtrade_error *error);

/* Scales one raw value; a gap (not finite) repeats the value before it. */
void comtrade_data_put(struct comtrade *file, struct comtrade_data *data, int channel,
                       int64_t row, double raw);

/* Bytes of one row of a binary file. */
size_t comtrade_row_size(const struct comtrade *file);
