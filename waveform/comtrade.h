/* COMTRADE files: IEEE C37.111-1991, -1999, -2013; ASCII, BINARY, BINARY32, FLOAT32;
 * .cfg + .dat (+ .hdr, ignored) or one .cff. Reader and writer.
 *
 * Every byte of a file is untrusted: sizes are bounded, numbers are checked, and a file
 * that is not understood is refused with its name, the line (or the byte) and what was
 * expected there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    /* Longest name + NUL; longer ones are cut. Names are UTF-8; bytes that are not
     * (GBK is common) are escaped as \xNN, so that names stay distinct. */
    COMTRADE_TEXT = 65,
    COMTRADE_CHANNELS_MAX = 999,    /* analogue or status */
    COMTRADE_SAMPLES_MAX = 1 << 26, /* per channel */
    COMTRADE_ERROR_TEXT = 512
};

enum comtrade_format {
    COMTRADE_ASCII,
    COMTRADE_BINARY,   /* 16-bit integers */
    COMTRADE_BINARY32, /* 32-bit integers, 2013 */
    COMTRADE_FLOAT32   /* 2013 */
};

struct comtrade_error {
    char text[COMTRADE_ERROR_TEXT]; /* "file.cfg:12: expected …, found …" */
};

struct comtrade_analog {
    char name[COMTRADE_TEXT], phase[COMTRADE_TEXT], circuit[COMTRADE_TEXT],
        unit[COMTRADE_TEXT];
    double a, b;               /* value = a·raw + b */
    double skew_us;            /* sampled this much later than the time stamp */
    double primary, secondary; /* transformer ratio, 1 and 1 where the file has none */
    bool is_primary;           /* the values are primary ('P'), else secondary ('S') */
};

struct comtrade_rate {
    double hz;
    int64_t end; /* last sample of the section, base 1 */
};

/* As the file says, in no particular zone. Unknown: all zero. */
struct comtrade_time {
    int year, month, day, hour, minute;
    double second;
};

struct comtrade {
    char station[COMTRADE_TEXT], device[COMTRADE_TEXT];
    int revision; /* 1991, 1999, 2013 */
    enum comtrade_format format;
    double line_hz; /* as the header says; may be wrong */
    int analog_count, status_count;
    struct comtrade_analog *analog;
    char (*status_name)[COMTRADE_TEXT];
    int rate_count; /* 0: time stamps only */
    struct comtrade_rate *rate;
    struct comtrade_time start, trigger; /* of the first sample, of the trigger */
    int64_t count;     /* samples present; may be fewer than announced */
    int64_t announced; /* samples that the header announces */
    double *seconds;   /* time of each sample from the first, by rates or stamps */
    double **value;    /* [analog_count][count]: scaled, in the unit of the file */
    uint8_t **status;  /* [status_count][count]: 0 or 1 */
    char warning[COMTRADE_ERROR_TEXT]; /* what was put right, or empty */
};

/* Reads FILE.cfg (and the .dat beside it, in any case), FILE.cff, or a waveform as
 * FILE.csv (comtrade_csv.h). NULL and an error, or a file to free with comtrade_free. */
struct comtrade *comtrade_read(const char *path, struct comtrade_error *error);

/* The same, with files opened by `open` (NULL with errno set: it cannot be). */
struct comtrade *comtrade_read_by(const char *path,
                                  FILE *(*open)(void *user, const char *path),
                                  void *user, struct comtrade_error *error);

/* The same from memory: what the fuzzer calls. dat may be NULL for a .cff. `name` (that
 * of the .cfg or .cff) stands in errors. */
struct comtrade *comtrade_parse(const char *name, const void *cfg, size_t cfg_size,
                                const void *dat, size_t dat_size,
                                struct comtrade_error *error);
void comtrade_free(struct comtrade *file);

/* Writes path.cfg and path.dat as file->revision and file->format say: 1991 and 1999 in
 * ASCII or BINARY, 2013 in any format. Integers are rounded to the nearest a·raw + b; a
 * value that does not fit is an error. Time stamps are µs (ns in 2013 without rates).
 * 0, or -1 and an error. */
int comtrade_write(const struct comtrade *file, const char *path_without_extension,
                   struct comtrade_error *error);
