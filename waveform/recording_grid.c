/* The chosen channels of a file on one uniform grid. Sections of other rates, and time
 * stamps that are not even, are interpolated: inside a section by windowed sinc, across
 * joints and between uneven stamps by a polynomial through the eight samples around. */
#include "waveform/recording_grid.h"
#include "waveform/comtrade_text.h"
#include "waveform/recording_section.h"
#include <float.h>
#include <math.h>
#include <stdlib.h>

enum {
    CHANNELS = WAVEFORM_CHANNELS,
    POINTS = 8,       /* of the polynomial */
    SECTION_EDGE = 8, /* samples at the ends of a section */
    SKEW_MAX_US = 100000
};
/* Of the longest step: how far apart the points of a polynomial are at least. */
static const double PART_APART = 0.75;
static const double value_max = 1e12; /* V or A: nothing overflows below it */

struct section {
    int64_t from, to; /* samples, base 0, `to` not included */
    double hz;        /* 0: by time stamps */
};

struct uneven {
    const struct comtrade *file;
    const double *frame; /* of the file's samples */
    struct section section;
    int rate;       /* of the section */
    int64_t before; /* last sample not after the wanted time */
    struct resample_kernel *kernel;
};

static double *make_frames(const struct comtrade *f,
                           const struct recording_source source[CHANNELS],
                           struct comtrade_error *error)
{
    double *frame = malloc((size_t)f->count * CHANNELS * sizeof *frame);
    if (!frame) {
        comtrade_fail(error, "not enough memory for %lld samples", (long long)f->count);
        return NULL;
    }
    for (int c = 0; c < CHANNELS; c++)
        for (int64_t n = 0; n < f->count; n++) {
            int i = source[c].index;
            double x = i < 0 ? 0 : f->value[i][n] * source[c].factor;
            if (source[c].other >= 0)
                x += f->value[source[c].other][n] * source[c].other_factor;
            if (!(fabs(x) <= value_max)) {
                comtrade_fail(error, "channel %s: %g at sample %lld is no %s",
                              f->analog[i].name, x, (long long)n + 1,
                              c < WAVEFORM_IA ? "voltage" : "current");
                free(frame);
                return NULL;
            }
            frame[n * CHANNELS + c] = x;
        }
    return frame;
}

/* The one rate of all samples, or 0. Time stamps are rounded to µs, and clocks waver.
 */
static double uniform_rate(const struct comtrade *f)
{
    if (f->rate_count > 0) {
        double hz = f->rate[0].hz;
        for (int i = 1; i < f->rate_count && f->rate[i - 1].end < f->count; i++)
            if (f->rate[i].hz != hz)
                return 0;
        return hz;
    }
    double step = f->seconds[f->count - 1] / (double)(f->count - 1);
    for (int64_t i = 0; i < f->count; i++)
        if (fabs(f->seconds[i] - (double)i * step) > 0.1 * step + 1e-6)
            return 0;
    return 1 / step;
}

static int check_rate(const struct comtrade *f, struct comtrade_error *error)
{
    if (f->count < RECORDING_SAMPLES_MIN)
        return comtrade_fail(error, "expected at least %d samples, found %lld",
                             RECORDING_SAMPLES_MIN, (long long)f->count);
    double longest = 1.001 / RECORDING_RATE_LOWEST + 1e-6;
    for (int64_t i = 1; i < f->count; i++) {
        double step = f->seconds[i] - f->seconds[i - 1];
        if (step > longest)
            return comtrade_fail(error,
                                 "samples %lld and %lld are %g s apart: at least %d "
                                 "samples a second are needed",
                                 (long long)i, (long long)i + 1, step,
                                 RECORDING_RATE_LOWEST);
        if (!(step > 0))
            return comtrade_fail(error, "samples %lld and %lld have the same time",
                                 (long long)i, (long long)i + 1);
    }
    return 0;
}

static double fastest_rate(const struct comtrade *f)
{
    double shortest = DBL_MAX;
    for (int64_t i = 1; i < f->count; i++)
        shortest = fmin(shortest, f->seconds[i] - f->seconds[i - 1]);
    return 1 / shortest;
}

/* Moves on to the sample and the section at or before t. */
static void advance(struct uneven *u, double t)
{
    const struct comtrade *f = u->file;
    while (u->before + 2 < f->count && f->seconds[u->before + 1] <= t)
        u->before++;
    struct section *s = &u->section;
    while (u->before >= s->to) {
        u->rate++;
        bool last = u->rate + 1 >= f->rate_count;
        s->from = s->to;
        s->to =
            last || f->rate[u->rate].end > f->count ? f->count : f->rate[u->rate].end;
        s->hz = u->rate < f->rate_count ? f->rate[u->rate].hz : 0;
    }
}

static void at_line(const struct uneven *u, double t, double out[CHANNELS])
{
    const double *seconds = u->file->seconds + u->before;
    const double *x = u->frame + u->before * CHANNELS;
    double part = (t - seconds[0]) / (seconds[1] - seconds[0]);
    for (int c = 0; c < CHANNELS; c++)
        out[c] = x[c] + part * (x[c + CHANNELS] - x[c]);
}

/* The next sample before or after sample i that is at least `apart` away; -1: none. */
static int64_t neighbour(const struct comtrade *f, int64_t i, int way, double apart)
{
    for (int64_t k = i + way; k >= 0 && k < f->count; k += way)
        if (fabs(f->seconds[k] - f->seconds[i]) >= apart)
            return k;
    return -1;
}

/* Samples around the wanted time, about as far from one another as the slower ones are:
 * a polynomial through samples of very different distances rings. False: too few. */
static bool pick_points(const struct uneven *u, int64_t point[POINTS])
{
    const struct comtrade *f = u->file;
    int64_t low = u->before, high = u->before + 1;
    int count = 2;
    double longest = 0;
    for (int64_t i = low - POINTS; i < high + POINTS; i++)
        if (i >= 0 && i + 1 < f->count)
            longest = fmax(longest, f->seconds[i + 1] - f->seconds[i]);
    if (high >= f->count)
        return false;
    point[0] = low;
    point[1] = high;
    for (int way = -1; count < POINTS && (low >= 0 || high >= 0); way = -way) {
        int64_t *end = way < 0 ? &low : &high;
        *end = *end < 0 ? -1 : neighbour(f, *end, way, PART_APART * longest);
        if (*end >= 0)
            point[count++] = *end;
    }
    return count == POINTS;
}

static void at_polynomial(const struct uneven *u, double t, double out[CHANNELS])
{
    const double *seconds = u->file->seconds;
    int64_t point[POINTS];
    if (!pick_points(u, point)) {
        at_line(u, t, out);
        return;
    }
    for (int c = 0; c < CHANNELS; c++)
        out[c] = 0;
    for (int i = 0; i < POINTS; i++) {
        double weight = 1;
        for (int k = 0; k < POINTS; k++)
            if (k != i)
                weight *=
                    (t - seconds[point[k]]) / (seconds[point[i]] - seconds[point[k]]);
        for (int c = 0; c < CHANNELS; c++)
            out[c] += weight * u->frame[point[i] * CHANNELS + c];
    }
}

static void at_time(struct uneven *u, double t, double hz, double out[CHANNELS])
{
    advance(u, t);
    const struct section *s = &u->section;
    if (!(s->hz > 0) || u->before < s->from + SECTION_EDGE ||
        u->before >= s->to - SECTION_EDGE) {
        at_polynomial(u, t, out);
        return;
    }
    struct resample_grid slice = { s->hz, s->to - s->from,
                                   (double *)u->frame + s->from * CHANNELS };
    double position = (t - u->file->seconds[s->from]) * s->hz;
    if (s->hz > hz) {
        resample_at(u->kernel, &slice, hz / s->hz, position, out);
        return;
    }
    for (int c = 0; c < CHANNELS; c++)
        out[c] = resample_between(u->kernel, &slice, c, position);
}

/* Replaces the file's frames by even ones. */
static int make_even(const struct comtrade *f, double enough_hz,
                     struct resample_grid *grid, struct comtrade_error *error)
{
    struct uneven u = { .file = f, .frame = grid->frame, .rate = -1 };
    grid->hz = fmin(fastest_rate(f), 2 * enough_hz);
    grid->count = (int64_t)floor(f->seconds[f->count - 1] * grid->hz) + 1;
    double *frame = malloc((size_t)grid->count * CHANNELS * sizeof *frame);
    u.kernel = resample_kernel_new(32, 90);
    bool ok = frame && u.kernel;
    for (int64_t n = 0; ok && n < grid->count; n++)
        at_time(&u, (double)n / grid->hz, grid->hz, frame + n * CHANNELS);
    resample_kernel_free(u.kernel);
    free(grid->frame);
    grid->frame = frame;
    return ok ? 0
              : comtrade_fail(error, "not enough memory for %lld samples",
                              (long long)grid->count);
}

static int decimate(struct resample_grid *grid, double enough_hz,
                    struct comtrade_error *error)
{
    struct resample_grid less;
    int n = (int)fmin(floor(grid->hz / enough_hz), 1e6);
    if (n < 2)
        return 0;
    if (resample_decimate(grid, n, &less))
        return comtrade_fail(error, "not enough memory to change the rate");
    free(grid->frame);
    *grid = less;
    return 0;
}

/* What is sampled later than its stamp says comes later in time. */
static int shift_channel(struct resample_grid *grid, const struct resample_kernel *k,
                         int channel, double samples)
{
    double *x = malloc((size_t)grid->count * sizeof *x);
    for (int64_t n = 0; x && n < grid->count; n++)
        x[n] = resample_between(k, grid, channel, (double)n - samples);
    for (int64_t n = 0; x && n < grid->count; n++)
        grid->frame[n * CHANNELS + channel] = x[n];
    free(x);
    return x ? 0 : -1;
}

static int shift(const struct comtrade *f, const struct recording_source *source,
                 struct resample_grid *grid, struct comtrade_error *error)
{
    struct resample_kernel *k = resample_kernel_new(32, 90);
    int failed = k ? 0 : comtrade_fail(error, "not enough memory");
    for (int c = 0; c < CHANNELS && !failed; c++) {
        int i = source[c].index;
        if (i < 0 || f->analog[i].skew_us == 0)
            continue;
        const struct comtrade_analog *a = &f->analog[i];
        if (!(fabs(a->skew_us) <= SKEW_MAX_US))
            failed = comtrade_fail(error, "channel %s: a skew of %g us is too long",
                                   a->name, a->skew_us);
        else if (shift_channel(grid, k, c, a->skew_us * 1e-6 * grid->hz))
            failed = comtrade_fail(error, "not enough memory");
    }
    resample_kernel_free(k);
    return failed;
}

int recording_grid(const struct comtrade *file,
                   const struct recording_source source[CHANNELS], double enough_hz,
                   struct resample_grid *grid, struct comtrade_error *error)
{
    grid->frame = NULL;
    if (check_rate(file, error))
        return -1;
    grid->frame = make_frames(file, source, error);
    if (!grid->frame)
        return -1;
    grid->count = file->count;
    grid->hz = uniform_rate(file);
    if ((!(grid->hz > 0) && make_even(file, enough_hz, grid, error)) ||
        decimate(grid, enough_hz, error) || shift(file, source, grid, error)) {
        free(grid->frame);
        grid->frame = NULL;
        return -1;
    }
    return 0;
}
