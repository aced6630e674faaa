/* Relays record slowly before and after a fault: what is too slow to be metered is left
 * out, and the longest part that is fast enough stays. */
#include "waveform/recording_section.h"
#include "waveform/comtrade_text.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct range {
    int64_t from, to; /* samples, base 0, `to` not included */
};

static double slowest_step(void)
{
    return 1.001 / RECORDING_RATE_MIN + 1e-6;
}

/* The samples within the options' times. */
static struct range wanted(const struct comtrade *f, const struct recording_options *o)
{
    struct range r = { 0, f->count };
    while (r.from < f->count && f->seconds[r.from] < o->from_s - 1e-9)
        r.from++;
    while (o->to_s > 0 && r.to > r.from && f->seconds[r.to - 1] > o->to_s + 1e-9)
        r.to--;
    return r;
}

/* The longest run without a step that is too long. */
static struct range fast_enough(const struct comtrade *f, struct range all)
{
    struct range best = { all.from, all.from }, run = { all.from, all.from + 1 };
    for (int64_t i = all.from + 1; i <= all.to; i++) {
        bool goes_on =
            i < all.to && f->seconds[i] - f->seconds[i - 1] <= slowest_step();
        if (goes_on) {
            run.to = i + 1;
            continue;
        }
        double length = f->seconds[run.to - 1] - f->seconds[run.from];
        if (best.to == best.from ||
            length > f->seconds[best.to - 1] - f->seconds[best.from])
            best = run;
        run = (struct range){ i, i + 1 };
    }
    return best.to - best.from < RECORDING_SAMPLES_MIN ? all : best;
}

static void note_left_out(char note[RECORDING_NOTE], struct range all, struct range r)
{
    size_t used = 0;
    note[0] = '\0';
    if (r.from > all.from)
        used = (size_t)snprintf(note, RECORDING_NOTE, "samples %lld to %lld",
                                (long long)all.from + 1, (long long)r.from);
    if (r.to < all.to)
        used += (size_t)snprintf(note + used, RECORDING_NOTE - used,
                                 "%ssamples %lld to %lld", used ? " and " : "",
                                 (long long)r.to + 1, (long long)all.to);
    if (used > 0)
        snprintf(note + used, RECORDING_NOTE - used,
                 " are left out: fewer than %d samples a second", RECORDING_RATE_MIN);
}

/* A file that is slow all through. */
static void note_slow(const struct comtrade *f, char note[RECORDING_NOTE],
                      struct range r)
{
    double longest = 0;
    size_t used = strlen(note);
    for (int64_t i = r.from + 1; i < r.to; i++)
        longest = fmax(longest, f->seconds[i] - f->seconds[i - 1]);
    if (longest > slowest_step())
        snprintf(
            note + used, RECORDING_NOTE - used,
            "%s%.0f samples a second: harmonics above %.0f Hz are not in the record",
            used ? "; " : "", 1 / longest, 0.5 / longest);
}

/* Rates of the samples that are left. */
static void cut_rates(struct comtrade *s, struct range r)
{
    int kept = 0;
    for (int k = 0; k < s->rate_count; k++) {
        struct comtrade_rate rate = s->rate[k];
        bool last = k + 1 == s->rate_count;
        if (rate.end <= r.from && !last)
            continue;
        rate.end -= r.from;
        s->rate[kept++] = rate;
        if (rate.end >= s->count)
            break;
    }
    s->rate_count = kept;
}

static struct comtrade *copy_range(const struct comtrade *f, struct range r)
{
    struct comtrade *s = malloc(sizeof *s);
    if (!s)
        return NULL;
    *s = *f;
    s->count = r.to - r.from;
    s->rate = malloc(((size_t)f->rate_count + 1) * sizeof *s->rate);
    s->seconds = malloc((size_t)s->count * sizeof *s->seconds);
    s->value = malloc(((size_t)f->analog_count + 1) * sizeof *s->value);
    if (!s->rate || !s->seconds || !s->value) {
        recording_section_free(s);
        return NULL;
    }
    if (f->rate_count > 0)
        memcpy(s->rate, f->rate, (size_t)f->rate_count * sizeof *s->rate);
    cut_rates(s, r);
    for (int64_t i = 0; i < s->count; i++)
        s->seconds[i] = f->seconds[r.from + i] - f->seconds[r.from];
    for (int k = 0; k < f->analog_count; k++)
        s->value[k] = f->value[k] + r.from;
    return s;
}

struct comtrade *recording_section(const struct comtrade *file,
                                   const struct recording_options *options,
                                   char note[RECORDING_NOTE],
                                   struct comtrade_error *error)
{
    struct range all = wanted(file, options), r;
    if (all.to <= all.from) {
        double length = file->seconds[file->count - 1];
        double to = options->to_s > 0 ? options->to_s : length;
        comtrade_fail(error, "no samples from %g to %g s: the record is %g s long",
                      options->from_s, to, length);
        return NULL;
    }
    r = fast_enough(file, all);
    note_left_out(note, all, r);
    note_slow(file, note, r);
    struct comtrade *s = copy_range(file, r);
    if (!s)
        comtrade_fail(error, "not enough memory for %lld samples",
                      (long long)(r.to - r.from));
    return s;
}

void recording_section_free(struct comtrade *section)
{
    if (!section)
        return;
    free(section->rate);
    free(section->seconds);
    free(section->value);
    free(section);
}
