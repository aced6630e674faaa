/* A recording is played sample for sample at the rate of the meter: a meter
 * whose clock is wrong plays the recording that much faster or slower, and so do the
 * exact values. A sample stands for the time until the next one; where a cycle begins
 * or ends between samples, the sample counts in part, so that nothing beats with the
 * cycle. Import and export are separated cycle by cycle, as a meter does. */
#include "waveform/playback.h"
#include "waveform/kernels.h"
#include <math.h>
#include <string.h>

static bool holds(const struct recording *r)
{
    return r->at_end == RECORDING_END_HOLD && r->loop > 0;
}

/* The end of what is not zero. */
static double live_end(const struct recording *r, double to)
{
    return holds(r) ? to : fmin(to, (double)r->count);
}

/* Where sample j of what is played lies in x. */
static inline int64_t place_of(const struct recording *r, int64_t j)
{
    return j < r->count ? j : r->count + (j - r->count) % r->loop;
}

/* Samples that follow one another in x, at most a block of them. All but the first and the
 * last of from…end lie there whole. */
struct run {
    int64_t at;
    int n;
    double first, last; /* how much of them lies there; of one alone: first */
};

/* How much of sample j lies inside from…to. */
static double part_of(int64_t j, double from, double to)
{
    double end = (double)(j + 1), start = (double)j;
    return (end < to ? end : to) - (start > from ? start : from);
}

/* The run that begins with sample j of from…end; false: none does. */
static bool next_run(const struct recording *r, int64_t j, double from, double end,
                     struct run *run)
{
    const int64_t left = (int64_t)ceil(end) - j;
    if (left <= 0)
        return false;
    const int64_t at = place_of(r, j);
    const int64_t there = (j < r->count ? r->count : r->count + r->loop) - at;
    const int64_t most = left < WAVEFORM_BLOCK ? left : WAVEFORM_BLOCK;
    run->at = at;
    run->n = (int)(there < most ? there : most);
    run->first = part_of(j, from, end);
    run->last = part_of(j + run->n - 1, from, end);
    return true;
}

/* All channels at once: six sums that do not wait for one another. */
static void find_dc(const struct playback *play, double from, double to,
                    double dc[WAVEFORM_CHANNELS])
{
    const struct recording *r = play->recording;
    double end = live_end(r, to), sum[WAVEFORM_CHANNELS] = { 0 };
    struct run run;
    for (int64_t j = (int64_t)from; next_run(r, j, from, end, &run); j += run.n) {
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            sum[ch] += run.first * r->x[ch][run.at];
        for (int k = 1; k < run.n - 1; k++)
            for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
                sum[ch] += r->x[ch][run.at + k];
        for (int ch = 0; ch < WAVEFORM_CHANNELS && run.n > 1; ch++)
            sum[ch] += run.last * r->x[ch][run.at + run.n - 1];
    }
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        dc[ch] = to > from ? sum[ch] / (to - from) : 0;
}

static double whole_cycles(const struct playback *play, double samples)
{
    /* The billionth is for the rounding of a quotient that is a whole number. */
    return floor(samples / play->cycle + 1e-9) * play->cycle;
}

void playback_start(struct playback *play, const struct recording *recording)
{
    *play = (struct playback){ .recording = recording };
    if (!recording)
        return;
    /* A record of no known frequency is cut as if it were of 60 Hz. */
    double hz = recording->hz > 0 ? recording->hz : 60;
    play->cycle = recording->samples_per_s / hz;
    find_dc(play, 0, whole_cycles(play, (double)recording->count), play->dc);
}

int64_t playback_rest(const struct playback *play)
{
    const struct recording *r = play->recording;
    return r->at_end == RECORDING_END_GRID ? r->count - play->position : INT64_MAX;
}

/* n samples from `at` of x on, after the recording's end. */
static void fill_after(const struct playback *play, int at, int n,
                       double x[][WAVEFORM_BLOCK])
{
    const struct recording *r = play->recording;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        for (int k = at; k < at + n; k++)
            x[ch][k] = holds(r) ? r->x[ch][place_of(r, play->position + k)] : 0;
}

/* A long recording does not fit into the cache, and six arrays in parts of 336 bytes are
 * no pattern that a processor foresees: the blocks to come are asked for early. */
static void fetch_ahead(const struct recording *r, int64_t position)
{
    enum { AHEAD = 2 * WAVEFORM_BLOCK, OF_A_LINE = 8 };
    if (position + AHEAD + WAVEFORM_BLOCK > r->count)
        return;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        for (int k = 0; k < WAVEFORM_BLOCK; k += OF_A_LINE)
            __builtin_prefetch(r->x[ch] + position + AHEAD + k);
}

void playback_fill(struct playback *play, int n, double x[][WAVEFORM_BLOCK])
{
    const struct recording *r = play->recording;
    int64_t rest = r->count - play->position;
    int have = rest < 0 ? 0 : rest < n ? (int)rest : n;
    for (int ch = 0; ch < WAVEFORM_CHANNELS && have; ch++)
        memcpy(x[ch], r->x[ch] + play->position, (size_t)have * sizeof **x);
    fetch_ahead(r, play->position);
    fill_after(play, have, n - have, x);
    play->position += n;
}

/* Sums over the samples from…to, as means over that time. */
static void integrate(const struct playback *play, enum waveform_wiring wiring,
                      double from, double to, const double dc[WAVEFORM_CHANNELS],
                      struct truth_sums *sums)
{
    const struct recording *r = play->recording;
    struct turn step = turn_from_ratio(1, play->cycle);
    double end = live_end(r, to), whole = 1 / (to - from);
    struct run run;
    for (int64_t j = (int64_t)from; next_run(r, j, from, end, &run); j += run.n) {
        uint64_t angle[WAVEFORM_BLOCK];
        struct truth_samples s;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            for (int k = 0; k < run.n; k++)
                s.x[ch][k] = r->x[ch][run.at + k] - dc[ch];
        for (int k = 0; k < run.n; k++) {
            angle[k] = step.frac * (uint64_t)(j + k);
            s.weight[k] = whole;
        }
        s.weight[run.n - 1] = run.last / (to - from);
        s.weight[0] = run.first / (to - from);
        kernel_sin_cos(angle, run.n, s.sine, s.cosine);
        truth_add_samples(sums, wiring, run.n, &s);
    }
}

static double played_hz(const struct playback *play, double rate)
{
    return rate / play->cycle;
}

static void settle_to(struct playback *play, double to, enum waveform_wiring wiring,
                      double rate, struct truth_energy *energy)
{
    struct truth_sums sums = { 0 };
    struct waveform_truth power;
    integrate(play, wiring, play->settled, to, play->dc, &sums);
    truth_from_sums(&sums, wiring, played_hz(play, rate), &power);
    truth_add_energy(energy, &power, (to - play->settled) / rate);
    play->settled = to;
}

/* Where cycles end is found by counting from the first sample: no error adds up. */
void playback_settle_cycles(struct playback *play, enum waveform_wiring wiring,
                            double rate, struct truth_energy *energy)
{
    while (play->settled < live_end(play->recording, (double)play->position)) {
        double end = (double)(play->cycles + 1) * play->cycle;
        if (end > (double)play->position)
            break;
        settle_to(play, end, wiring, rate, energy);
        play->cycles++;
    }
}

void playback_settle(struct playback *play, enum waveform_wiring wiring, double rate,
                     struct truth_energy *energy)
{
    playback_settle_cycles(play, wiring, rate, energy);
    if (play->settled < (double)play->position)
        settle_to(play, (double)play->position, wiring, rate, energy);
}

void playback_truth(const struct playback *play, enum waveform_wiring wiring,
                    double rate, struct waveform_truth *truth)
{
    struct truth_sums sums = { 0 };
    double dc[WAVEFORM_CHANNELS], played = (double)play->position;
    double window = whole_cycles(play, fmin(played, play->recording->samples_per_s));
    if (window > 0) {
        double from = fmax(0, played - window);
        find_dc(play, from, played, dc);
        integrate(play, wiring, from, played, dc, &sums);
    }
    truth_from_sums(&sums, wiring, played_hz(play, rate), truth);
}
