/* COMTRADE files written row by row (IEEE C37.111-2013, clauses 7 and 8.6). See
 * comtrade_stream.h. The header counts the rows, so it is written last. */
#include "waveform/comtrade_stream.h"
#include "waveform/comtrade_text.h"
#include "waveform/comtrade_write.h"
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct comtrade_stream {
    const struct comtrade *header;
    FILE *out;
    char *path; /* without extension */
    int64_t rows;
    int error; /* errno of the first failure */
};

static FILE *make_file(const char *path, struct comtrade_error *error)
{
    FILE *out = fopen(path, "wbx");

    if (!out)
        comtrade_fail(error, "%.200s: %s", path, strerror(errno));
    return out;
}

static char *join(const char *path, const char *extension)
{
    size_t size = strlen(path) + strlen(extension) + 1;
    char *text = malloc(size);

    if (!text)
        abort();
    snprintf(text, size, "%s%s", path, extension);
    return text;
}

struct comtrade_stream *comtrade_stream_open(const struct comtrade *header,
                                             const char *path,
                                             struct comtrade_error *error)
{
    assert(header->revision == 2013 && header->format == COMTRADE_FLOAT32);
    assert(header->analog_count <= COMTRADE_STREAM_ANALOG && header->rate_count == 1);
    assert(header->status_count <= COMTRADE_STREAM_STATUS);
    char *dat = join(path, ".dat"), *cfg = join(path, ".cfg");
    struct comtrade_stream *s = NULL;
    FILE *out = NULL;

    if (access(cfg, F_OK) == 0)
        comtrade_fail(error, "%.200s: %s", cfg, strerror(EEXIST));
    else
        out = make_file(dat, error);
    if (out) {
        s = calloc(1, sizeof *s);
        if (!s)
            abort();
        s->header = header;
        s->out = out;
        s->path = join(path, "");
    }
    free(cfg);
    free(dat);
    return s;
}

static uint8_t *put(uint8_t *at, uint32_t word, int bytes)
{
    for (int k = 0; k < bytes; k++)
        *at++ = (uint8_t)(word >> 8 * k);
    return at;
}

int comtrade_stream_error(const struct comtrade_stream *s)
{
    return s->error;
}

void comtrade_stream_row(struct comtrade_stream *s, const float *raw, unsigned status)
{
    uint8_t row[8 + 4 * COMTRADE_STREAM_ANALOG + 2], *at = row;
    double us = (double)s->rows * 1e6 / s->header->rate[0].hz + 0.5;

    at = put(at, (uint32_t)++s->rows, 4);
    at = put(at, (uint32_t)us, 4);
    for (int k = 0; k < s->header->analog_count; k++) {
        uint32_t word;
        memcpy(&word, &raw[k], sizeof word);
        at = put(at, word, 4);
    }
    if (s->header->status_count)
        at = put(at, status, 2);
    if (!s->error && fwrite(row, (size_t)(at - row), 1, s->out) != 1)
        s->error = errno ? errno : EIO;
}

int64_t comtrade_stream_rows(const struct comtrade_stream *s)
{
    return s->rows;
}

int comtrade_stream_close(struct comtrade_stream *s, struct comtrade_error *error)
{
    struct comtrade header = *s->header;
    int failed;

    if (fclose(s->out) && !s->error)
        s->error = errno ? errno : EIO;
    header.count = s->rows;
    if (s->error)
        failed = comtrade_fail(error, "%.200s.dat: %s", s->path, strerror(s->error));
    else
        failed = comtrade_write_header(&header, s->path, error);
    free(s->path);
    free(s);
    return failed;
}
