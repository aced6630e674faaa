/* A recording made from a COMTRADE file: see recording.h. The steps: choose the
 * channels, bring them onto one grid of three times the wanted rate or somewhat
 * more, find the line frequency there, let the record go on at both ends, and read that
 * wave at the wanted rate. Far from the record the wave repeats, so a long extension
 * is read off the same few cycles. */
#include "waveform/recording.h"
#include "waveform/comtrade_text.h"
#include "waveform/recording_cycles.h"
#include "waveform/recording_grid.h"
#include "waveform/recording_hz.h"
#include "waveform/recording_section.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CHANNELS = WAVEFORM_CHANNELS,
    RATE_USUAL = 2520,
    RATE_MIN = 600,
    RATE_MAX = 200000,
    ENOUGH = 3, /* times the wanted rate: what the record is thinned to */
    EXTENSION_MAX_S = 3600,
    LOOP_MAX_S = 4
};
/* What repeats before and after the record is one cycle, and an eighth is cross-faded. */
static const double CYCLES_MIN = 1.25;

/* The wave without ends, sampled as far as it is needed. */
struct wave {
    struct recording_cycles cycles;
    struct resample_kernel *kernel;
    struct resample_grid grid; /* from sample -pad of the record */
    int64_t pad;
    double cut, reach;
};

static const double HZ_MIN = 10, HZ_MAX = 100; /* of a line */
/* Hz between the header's line frequency and the record's, above which it is said. */
static const double HZ_APART = 0.5;

void recording_free(struct recording *r)
{
    if (!r)
        return;
    for (int c = 0; c < CHANNELS; c++)
        free(r->x[c]);
    free(r);
}

static int check_options(const struct recording_options *o,
                         struct comtrade_error *error)
{
    if (!(o->before_s >= 0 && o->before_s <= EXTENSION_MAX_S) ||
        !(o->after_s >= 0 && o->after_s <= EXTENSION_MAX_S))
        return comtrade_fail(error, "expected an extension of 0 to %d s",
                             EXTENSION_MAX_S);
    if (!(o->from_s >= 0) || !(o->to_s == 0 || o->to_s > o->from_s))
        return comtrade_fail(error,
                             "expected times from 0 on, the end above the start");
    double rate = o->samples_per_s;
    if (rate != 0 && !(rate >= RATE_MIN && rate <= RATE_MAX))
        return comtrade_fail(error, "expected %d to %d samples a second, found %g",
                             RATE_MIN, RATE_MAX, rate);
    if (o->hz != 0 && !(o->hz >= HZ_MIN && o->hz <= HZ_MAX))
        return comtrade_fail(error,
                             "expected a line frequency of %g to %g Hz, found %g",
                             HZ_MIN, HZ_MAX, o->hz);
    return 0;
}

static void add_note(struct recording *r, const char *format, ...)
{
    size_t used = strlen(r->note);
    va_list list;
    if (used > 0 && used + 3 < sizeof r->note)
        used += (size_t)snprintf(r->note + used, sizeof r->note - used, "; ");
    va_start(list, format);
    vsnprintf(r->note + used, sizeof r->note - used, format, list);
    va_end(list);
}

/* The record counts, and its header where it has no frequency that could be found: a
 * record of less than two cycles, or of dead conductors. */
static double frequency_of(struct recording *r, const struct resample_grid *grid,
                           double header_hz)
{
    double hz = recording_find_hz(grid, header_hz);
    bool usable = header_hz >= HZ_MIN && header_hz <= HZ_MAX;
    if (hz > 0 && header_hz > 0 && fabs(hz - header_hz) > HZ_APART)
        add_note(r, "the header says %g Hz, the record has %.3f Hz", header_hz, hz);
    r->hz_of_header = !(hz > 0) && usable;
    if (r->hz_of_header)
        add_note(r, "no line frequency is found in the record: the header's %g Hz",
                 header_hz);
    return hz > 0 || !usable ? hz : header_hz;
}

static int find_frequency(struct recording *r, const struct recording_options *options,
                          const struct resample_grid *grid, double header_hz,
                          struct comtrade_error *error)
{
    double seconds = (double)(grid->count - 1) / grid->hz;
    r->hz = options->hz > 0 ? options->hz : frequency_of(r, grid, header_hz);
    if (!(r->hz > 0))
        return comtrade_fail(error,
                             "no line frequency of 40 to 70 Hz found in %g s of "
                             "record, and none in the header: give hz",
                             seconds);
    if (seconds * r->hz < CYCLES_MIN)
        return comtrade_fail(error,
                             "the record is %g s long, less than %g cycles of %g Hz",
                             seconds, CYCLES_MIN, r->hz);
    return 0;
}

/* As much of the wave as its repeating parts need: a block and the kernel's reach twice
 * beyond each end. */
static int open_wave(struct wave *w, const struct resample_grid *record, double hz,
                     double rate, struct resample_kernel *between)
{
    w->kernel = resample_kernel_new(64, 90);
    if (!w->kernel)
        return -1;
    w->cycles = recording_cycles_of(record, between, hz);
    w->cut = fmin(1, rate / record->hz);
    w->reach = resample_kernel_reach(w->kernel, w->cut);
    w->pad = (int64_t)ceil(2 * w->reach + w->cycles.block + w->cycles.fade) + 4;
    w->grid.hz = record->hz;
    w->grid.count = record->count + 2 * w->pad;
    w->grid.frame = malloc((size_t)w->grid.count * CHANNELS * sizeof(double));
    if (!w->grid.frame)
        return -1;
    for (int64_t n = 0; n < w->grid.count; n++)
        for (int c = 0; c < CHANNELS; c++)
            w->grid.frame[n * CHANNELS + c] =
                recording_cycles_at(&w->cycles, c, (double)(n - w->pad));
    return 0;
}

/* A position where the wave is the same and is sampled. */
static double fold(const struct wave *w, double position)
{
    double early = w->cycles.fade - w->reach;
    double late = w->cycles.last - w->cycles.fade + w->reach;
    if (position < early)
        return position +
               w->cycles.period * floor((early - position) / w->cycles.period);
    if (position > late)
        return position - w->cycles.block * floor((position - late) / w->cycles.block);
    return position;
}

static void read_sample(struct recording *r, const struct wave *w, int64_t n,
                        double position)
{
    double out[CHANNELS];
    resample_at(w->kernel, &w->grid, w->cut, fold(w, position) + (double)w->pad, out);
    for (int c = 0; c < CHANNELS; c++)
        r->x[c][n] = out[c];
}

/* The loop is as many blocks of the repeating wave as come nearest to whole samples. */
static void read_wave(struct recording *r, const struct wave *w, double loop_step)
{
    double step = w->grid.hz / r->samples_per_s;
    double end = (double)(r->count - r->first) * step;
    for (int64_t n = 0; n < r->count; n++)
        read_sample(r, w, n, (double)(n - r->first) * step);
    for (int64_t n = 0; n < r->loop; n++)
        read_sample(r, w, r->count + n, end + (double)n * loop_step);
}

/* Samples of the loop; `step`: of the record's grid from one to the next. */
static int64_t plan_loop(const struct recording_cycles *cycles, double step,
                         double seconds, double *loop_step)
{
    double best = 2;
    int64_t loop = 0;
    for (int m = 1; m == 1 || m * cycles->block <= seconds * cycles->grid->hz; m++) {
        double length = m * cycles->block / step, whole = floor(length + 0.5);
        if (fabs(length - whole) / length >= best)
            continue;
        best = fabs(length - whole) / length;
        loop = (int64_t)whole;
        *loop_step = m * cycles->block / whole;
    }
    return loop;
}

/* Samples in whole cycles of at least so many seconds. */
static int64_t extension(const struct recording *r, double seconds)
{
    double cycles = ceil(seconds * r->hz - 1e-9);
    return (int64_t)ceil(cycles / r->hz * r->samples_per_s - 1e-6);
}

static int lay_out(struct recording *r, const struct recording_options *options,
                   double seconds, struct comtrade_error *error)
{
    r->first = extension(r, options->before_s);
    r->last = r->first + (int64_t)floor(seconds * r->samples_per_s + 1e-6);
    r->count = r->last + 1 + extension(r, options->after_s);
    if (options->samples_max && r->count + r->loop > options->samples_max)
        return comtrade_fail(error,
                             "%.0f s of recording are too long: %.0f MB of memory, "
                             "where %.0f are left",
                             (double)r->count / r->samples_per_s,
                             (double)(r->count + r->loop) * CHANNELS * 8 / 1048576,
                             (double)options->samples_max * CHANNELS * 8 / 1048576);
    bool ok = true;
    for (int c = 0; c < CHANNELS; c++)
        ok &=
            (r->x[c] = malloc((size_t)(r->count + r->loop) * sizeof *r->x[c])) != NULL;
    return ok ? 0 : comtrade_fail(error, "not enough memory for the recording");
}

/* Thinning may have left out the last few samples: the length is that of the file. */
static int make(struct recording *r, const struct recording_options *options,
                const struct resample_grid *grid, const struct comtrade *file,
                struct comtrade_error *error)
{
    struct wave w = { .kernel = NULL };
    double seconds = file->seconds[file->count - 1], loop_step = 0;
    if (find_frequency(r, options, grid, file->line_hz, error))
        return -1;
    struct resample_kernel *between = resample_kernel_new(32, 90);
    int failed = !between || open_wave(&w, grid, r->hz, r->samples_per_s, between);
    if (failed)
        comtrade_fail(error, "not enough memory for the recording");
    if (!failed && options->at_end == RECORDING_END_HOLD)
        r->loop =
            plan_loop(&w.cycles, grid->hz / r->samples_per_s, LOOP_MAX_S, &loop_step);
    failed = failed || lay_out(r, options, seconds, error);
    if (!failed)
        read_wave(r, &w, loop_step);
    resample_kernel_free(w.kernel);
    resample_kernel_free(between);
    free(w.grid.frame);
    return failed ? -1 : 0;
}

static void describe(struct recording *r, const struct recording_options *options,
                     const struct recording_source source[CHANNELS])
{
    const struct recording_source *v = &source[WAVEFORM_VA], *i = &source[WAVEFORM_IA];
    for (int c = 0; c < CHANNELS; c++)
        r->channel[c] = source[c].index + 1;
    r->at_end = options->at_end;
    r->line_to_line = v->lines;
    if (v->by_angle || i->by_angle)
        add_note(r, "phases of %s by their angles, as neither fields nor names tell",
                 !i->by_angle  ? "voltages"
                 : v->by_angle ? "voltages and currents"
                               : "currents");
    if (options->side == RECORDING_PRIMARY && (v->side != 1 || i->side != 1))
        add_note(r,
                 "secondary values, brought to the primary side by the file's ratios: "
                 "voltages x %g, currents x %g",
                 v->side, i->side);
}

static struct recording *make_recording(const struct comtrade *file,
                                        const struct recording_options *options,
                                        struct comtrade_error *error)
{
    struct recording_source source[CHANNELS];
    struct resample_grid grid;
    double rate = options->samples_per_s > 0 ? options->samples_per_s : RATE_USUAL;
    if (recording_choose(file, options, source, error) ||
        recording_grid(file, source, ENOUGH * rate, &grid, error))
        return NULL;
    struct recording *r = calloc(1, sizeof *r);
    int failed = !r;
    if (r) {
        r->samples_per_s = rate;
        describe(r, options, source);
        failed = make(r, options, &grid, file, error);
    } else {
        comtrade_fail(error, "not enough memory for the recording");
    }
    free(grid.frame);
    if (failed) {
        recording_free(r);
        return NULL;
    }
    return r;
}

struct recording *recording_from_comtrade(const struct comtrade *file,
                                          const struct recording_options *options,
                                          struct comtrade_error *error)
{
    char note[RECORDING_NOTE] = "";
    if (check_options(options, error))
        return NULL;
    struct comtrade *section = recording_section(file, options, note, error);
    if (!section)
        return NULL;
    struct recording *r = make_recording(section, options, error);
    recording_section_free(section);
    if (r && note[0])
        add_note(r, "%s", note);
    return r;
}
