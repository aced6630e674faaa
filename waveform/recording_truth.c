/* What an ideal meter shows of one second of a recording. Weights: raised-cosine ramps
 * of 0.1 s that overlap the neighbouring seconds, the sum of which is 1 everywhere;
 * computed in double from the recording's own samples, apart from any meter. */
#include "waveform/base/turn.h"
#include "waveform/recording.h"
#include "waveform/truth.h"
#include <math.h>

static double weight_at(double s)
{
    const double ramp = 0.1, length = 1.1;
    double sine, cosine, part = 1;

    if (s < 0 || s > length)
        return 0;
    if (s < ramp)
        part = s / ramp;
    else if (s > length - ramp)
        part = (length - s) / ramp;
    turn_sin_cos(turn_from_ratio(part, 2).frac, &sine, &cosine);
    return (1 - cosine) / 2;
}

static void means(const struct recording *r, int64_t from, int64_t to, int64_t start,
                  double *mean, double *total)
{
    *total = 0;
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        mean[ch] = 0;
    for (int64_t n = from; n < to; n++) {
        double w = weight_at(((double)(n - start) + 0.5) / r->samples_per_s);
        *total += w;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            mean[ch] += w * r->x[ch][n];
    }
    for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
        mean[ch] /= *total > 0 ? *total : 1;
}

void recording_truth(const struct recording *r, int64_t end,
                     enum waveform_wiring wiring, struct waveform_truth *truth)
{
    struct truth_sums sums = { 0 };
    int64_t start = end - (int64_t)floor(1.1 * r->samples_per_s + 0.5);
    int64_t from = start > 0 ? start : 0, to = end < r->count ? end : r->count;
    double mean[WAVEFORM_CHANNELS], total;

    means(r, from, to, start, mean, &total);
    for (int64_t n = from; n < to; n++) {
        double x[WAVEFORM_CHANNELS], sine, cosine;
        double w = weight_at(((double)(n - start) + 0.5) / r->samples_per_s) / total;
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++)
            x[ch] = r->x[ch][n] - mean[ch];
        turn_sin_cos(turn_from_ratio((double)n * r->hz, r->samples_per_s).frac, &sine,
                     &cosine);
        truth_add_sample(&sums, wiring, x, sine, cosine, w);
    }
    truth_from_sums(&sums, wiring, r->hz, truth);
}
