/* Phases of channels whose fields and names say nothing: three of one kind that are
 * about equally large and a third of a turn apart, in the first cycles of the record,
 * before most faults. The first in the file is A, and B lags it; of currents, A is the
 * one that goes with the voltage A. */
#include "waveform/recording_angle.h"
#include "waveform/base/turn.h"
#include "waveform/recording_names.h"
#include "waveform/resample.h"
#include <math.h>

enum { CANDIDATES = 32, CYCLES = 4 };

/* A third of a turn within 30 degrees; the smallest of three at least half the largest;
 * none below 2 % of the largest of all. */
static const double APART = 1 / 12.0, ALIKE = 0.5, STRONG = 0.02;

struct phasor {
    int channel;
    double size, turns;
};

static double turns_of(double re, double im)
{
    return (double)turn_from_vector(re, im).frac / 18446744073709551616.0;
}

/* Hann's window over the first cycles; the samples may lie unevenly in time. */
static struct phasor measure(const struct comtrade *f, int channel, double hz)
{
    double length = fmin(CYCLES / hz, f->seconds[f->count - 1]), re = 0, im = 0;
    for (int64_t i = 1; i < f->count && f->seconds[i] < length; i++) {
        double t = f->seconds[i], step = t - f->seconds[i - 1];
        double hann = 0.5 - 0.5 * resample_sin_turns(t / length + 0.25);
        double x = f->value[channel][i] * hann * step;
        re += x * resample_sin_turns(t * hz + 0.25);
        im -= x * resample_sin_turns(t * hz);
    }
    return (struct phasor){ channel, sqrt(re * re + im * im), turns_of(re, im) };
}

static int measure_all(const struct comtrade *f, char kind, double hz,
                       struct phasor p[CANDIDATES])
{
    int count = 0;
    for (int i = 0; i < f->analog_count && count < CANDIDATES; i++) {
        double factor;
        if (recording_kind(&f->analog[i], &factor) != kind)
            continue;
        p[count] = measure(f, i, hz);
        p[count++].size *= fabs(factor);
    }
    return count;
}

static double behind(const struct phasor *a, const struct phasor *b)
{
    double turns = a->turns - b->turns;
    return turns - floor(turns);
}

static bool fit(const struct phasor *a, const struct phasor *b, const struct phasor *c,
                double strongest)
{
    double most = fmax(a->size, fmax(b->size, c->size));
    double min = fmin(a->size, fmin(b->size, c->size));
    return min >= ALIKE * most && min > STRONG * strongest &&
           fabs(behind(a, b) - 1 / 3.0) <= APART &&
           fabs(behind(b, c) - 1 / 3.0) <= APART &&
           fabs(behind(c, a) - 1 / 3.0) <= APART;
}

static bool find_three(const struct phasor *p, int count, struct phasor three[3])
{
    double strongest = 0;
    for (int i = 0; i < count; i++)
        strongest = fmax(strongest, p[i].size);
    for (int a = 0; a < count; a++)
        for (int b = a + 1; b < count; b++)
            for (int c = b + 1; c < count; c++) {
                bool turned = fit(&p[a], &p[c], &p[b], strongest);
                if (!turned && !fit(&p[a], &p[b], &p[c], strongest))
                    continue;
                three[0] = p[a];
                three[1] = p[turned ? c : b];
                three[2] = p[turned ? b : c];
                return true;
            }
    return false;
}

/* Which of three currents belongs to a voltage: one of them is between a twelfth of a
 * turn ahead and a quarter behind. */
static int first_of(const struct phasor three[3], const struct phasor *voltage)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        double lag = behind(voltage, &three[k]) + 1 / 12.0;
        if (lag - floor(lag) < 1 / 3.0)
            return k;
    }
    return 0;
}

bool recording_by_angle(const struct comtrade *file, char kind, int voltage,
                        int group[WAVEFORM_PHASES])
{
    struct phasor p[CANDIDATES], three[3];
    double hz = file->line_hz >= 40 && file->line_hz <= 70 ? file->line_hz : 50;
    if (file->count < 2)
        return false;
    int count = measure_all(file, kind, hz, p);
    if (!find_three(p, count, three))
        return false;
    int first = 0;
    if (voltage >= 0) {
        struct phasor v = measure(file, voltage, hz);
        first = first_of(three, &v);
    }
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        group[k] = three[(first + k) % 3].channel;
    return true;
}
