/* The waveforms of the six channels, as the ADC gave them: the samples that the meter
 * works on. See samples.h. */
#include "gui/samples.h"
#include <math.h>
#include <stdio.h>

/* A trace starts where the first voltage that is alive rises through zero; the search
 * leaves enough for a whole trace. */
enum { SEARCH = SAMPLES - FRAME_WAVE - 1, ALIVE_CODES = HAL_CODES / 200 };

int samples_read(const struct unit *u, int32_t x[HAL_CHANNELS][SAMPLES])
{
    if (!u->powered || unit_seconds(u) == 0 || !u->device->kind->inside)
        return 0;
    u->device->kind->inside->waves(u->device, x);
    return SAMPLES;
}

static int32_t peak_of(const int32_t *x)
{
    int32_t peak = 0;

    for (int n = 0; n < SAMPLES; n++) {
        int32_t size = x[n] < 0 ? -x[n] : x[n];
        peak = size > peak ? size : peak;
    }
    return peak;
}

/* Where the trace starts, in samples and parts of one, so that it stands still. */
static double trigger(int32_t x[HAL_CHANNELS][SAMPLES])
{
    int ch = 0;

    while (ch < 3 && peak_of(x[ch]) < ALIVE_CODES)
        ch++;
    for (int n = 0; ch < 3 && n < SEARCH; n++)
        if (x[ch][n] < 0 && x[ch][n + 1] >= 0)
            return n + (double)-x[ch][n] / ((double)x[ch][n + 1] - x[ch][n]);
    return 0;
}

/* The rim of a strip, in codes: 1, 2 or 5 times a power of ten percent of full scale.
 */
static double rim_of(int32_t x[HAL_CHANNELS][SAMPLES], int first)
{
    static const double steps[] = { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1 };
    int32_t peak = 0;

    for (int ch = first; ch < first + 3; ch++) {
        int32_t size = peak_of(x[ch]);
        peak = size > peak ? size : peak;
    }
    int k = 0;
    while (k < 6 && peak > steps[k] * HAL_CODES)
        k++;
    return steps[k] * HAL_CODES;
}

static bool clips(const int32_t *x)
{
    return peak_of(x) >= HAL_CODES - 2 ||
           peak_of(x) >= (int32_t)(1.2 * 1.41421356 / 1.7 * HAL_CODES) - 4;
}

static void resample(int16_t *to, const int32_t *x, double start, double rim)
{
    int first = (int)start;
    double part = start - first;

    for (int n = 0; n < FRAME_WAVE; n++) {
        double a = x[first + n], b = x[first + n + 1];
        to[n] = (int16_t)lrint((a + (b - a) * part) / rim * FRAME_WAVE_FULL);
    }
}

void samples_read_waves(struct frame *f, const struct unit *u)
{
    struct frame_waves *w = &f->waves;
    int32_t x[HAL_CHANNELS][SAMPLES];

    if (samples_read(u, x) == 0)
        return;
    double start = trigger(x), v_rim = rim_of(x, 0), i_rim = rim_of(x, 3);
    w->count = FRAME_WAVE;
    for (int ch = 0; ch < HAL_CHANNELS; ch++) {
        resample(w->trace[ch], x[ch], start, ch < 3 ? v_rim : i_rim);
        w->clipped[ch] = ch >= 3 && clips(x[ch]);
    }
    snprintf(w->v_rim, sizeof w->v_rim, "V: ±%g %% of full scale",
             v_rim / HAL_CODES * 100);
    snprintf(w->i_rim, sizeof w->i_rim, "I: ±%g %% of full scale",
             i_rim / HAL_CODES * 100);
}
