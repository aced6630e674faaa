/* Files for the tests of COMTRADE and recordings: made in memory from a formula, or
 * found on disk. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "waveform/comtrade.h"
#include <cmocka.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIXTURE_CHANNELS = 6, FIXTURE_PATH = 512 };

/* Value of a channel (Va Vb Vc Ia Ib Ic) at a time. */
typedef double fixture_wave(int channel, double seconds);

static inline void *fixture_allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);
    assert_non_null(p);
    return p;
}

static inline void fixture_names(struct comtrade *f)
{
    static const char *const name[] = { "Va", "Vb", "Vc", "Ia", "Ib", "Ic" };
    for (int c = 0; c < FIXTURE_CHANNELS; c++) {
        struct comtrade_analog *a = &f->analog[c];
        strcpy(a->name, name[c]);
        strcpy(a->phase, &"A\0B\0C"[2 * (c % 3)]);
        strcpy(a->unit, c < 3 ? "V" : "A");
        a->a = 1;
        a->primary = a->secondary = 1;
    }
}

/* Six channels and no rates; samples at the times of `seconds`, or at an even rate. */
static inline struct comtrade *fixture_file(int64_t count, double hz,
                                            const double *seconds, fixture_wave *wave)
{
    struct comtrade *f = fixture_allocate(1, sizeof *f);
    f->revision = 2013;
    f->format = COMTRADE_FLOAT32;
    f->line_hz = 60;
    f->analog_count = FIXTURE_CHANNELS;
    f->count = f->announced = count;
    f->analog = fixture_allocate(FIXTURE_CHANNELS, sizeof *f->analog);
    fixture_names(f);
    f->rate = fixture_allocate(4, sizeof *f->rate);
    f->rate_count = hz > 0;
    f->rate[0] = (struct comtrade_rate){ hz, count };
    f->seconds = fixture_allocate((size_t)count, sizeof *f->seconds);
    f->value = fixture_allocate(FIXTURE_CHANNELS, sizeof *f->value);
    for (int64_t n = 0; n < count; n++)
        f->seconds[n] = hz > 0 ? (double)n / hz : seconds[n];
    for (int c = 0; c < FIXTURE_CHANNELS; c++) {
        f->value[c] = fixture_allocate((size_t)count, sizeof *f->value[c]);
        for (int64_t n = 0; n < count; n++)
            f->value[c][n] = wave(c, f->seconds[n]);
    }
    return f;
}

static inline struct comtrade *fixture_read(const char *path)
{
    struct comtrade_error error = { "" };
    struct comtrade *f = comtrade_read(path, &error);
    if (!f)
        fail_msg("%s", error.text);
    return f;
}

/* A file of the folder of shared recordings, or a skipped test. */
static inline struct comtrade *fixture_shared(const char *name)
{
    char path[FIXTURE_PATH];
    snprintf(path, sizeof path, "%s/../shared/recordings/%s", SOURCE_DIR, name);
    if (access(path, R_OK) != 0)
        skip();
    return fixture_read(path);
}

static inline void assert_close(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.12g is not %.12g within %g", found, expected, tolerance);
}
