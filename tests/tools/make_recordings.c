/* Writes the recordings that the project ships, one per COMTRADE revision, into the
 * folder named: a sag, the start of a motor, a feeder of 50 Hz. The waves follow from
 * circuits (impedances, a motor's equivalent circuit and its inertia), so angles,
 * decaying DC and dips belong together. No libm functions but sqrt: every run,
 * anywhere, makes the same bytes.
 *
 *     cc -std=c11 -D_GNU_SOURCE -ffp-contract=off -I. tests/tools/make_recordings.c \
 *         waveform/comtrade*.c waveform/resample.c -lm -o make_recordings
 *     ./make_recordings recordings */
#include "waveform/comtrade.h"
#include "waveform/resample.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PHASES = 3, CHANNELS = 6, PATH_BYTES = 4096 };
static const double root2 = 1.41421356237309504880, pi = 3.14159265358979323846;

struct phasor {
    double re, im;
};

static double sine(double turns)
{
    return resample_sin_turns(turns);
}

/* e^-x for x >= 0: halved until its series is short. */
static double decay(double x)
{
    int halvings = 0;
    if (x > 700)
        return 0;
    for (; x > 0.01; x /= 2)
        halvings++;
    double e = 1 - x * (1 - x / 2 * (1 - x / 3 * (1 - x / 4)));
    for (; halvings > 0; halvings--)
        e *= e;
    return e;
}

static double decay_since(double t, double from, double tau)
{
    return t < from ? 0 : decay((t - from) / tau);
}

/* 0 before `from`, then towards 1. */
static double rise_since(double t, double from, double tau)
{
    return t < from ? 0 : 1 - decay((t - from) / tau);
}

static struct phasor multiply(struct phasor a, struct phasor b)
{
    return (struct phasor){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

static struct phasor divide(struct phasor a, struct phasor b)
{
    double size = b.re * b.re + b.im * b.im;
    return multiply(a, (struct phasor){ b.re / size, -b.im / size });
}

/* √2·(re·sin θ + im·cos θ). */
static double wave(struct phasor p, double turns)
{
    return root2 * (p.re * sine(turns) + p.im * sine(turns + 0.25));
}

/* A recorder's noise, ±size, from a generator of its own. */
static double noise(uint32_t *state, double size)
{
    *state = *state * 1664525u + 1013904223u;
    return size * ((double)(*state >> 8) / 8388608.0 - 1);
}

static void name_channels(struct comtrade *f, const char *const name[CHANNELS])
{
    for (int c = 0; c < CHANNELS; c++) {
        struct comtrade_analog *a = &f->analog[c];
        snprintf(a->name, sizeof a->name, "%s", name[c]);
        snprintf(a->phase, sizeof a->phase, "%c", 'A' + c % PHASES);
        snprintf(a->unit, sizeof a->unit, "%s", c < PHASES ? "V" : "A");
        a->a = a->primary = a->secondary = 1;
        a->is_primary = true;
    }
}

static void *allocate(size_t count, size_t size)
{
    void *p = calloc(count, size);
    if (!p)
        abort();
    return p;
}

static struct comtrade *new_file(int revision, enum comtrade_format format, double hz,
                                 double rate, int64_t count, int status_count)
{
    struct comtrade *f = allocate(1, sizeof *f);
    f->revision = revision;
    f->format = format;
    f->line_hz = hz;
    f->count = f->announced = count;
    f->analog_count = CHANNELS;
    f->status_count = status_count;
    f->analog = allocate(CHANNELS, sizeof *f->analog);
    f->status_name = allocate(1, sizeof *f->status_name);
    f->rate_count = 1;
    f->rate = allocate(1, sizeof *f->rate);
    f->rate[0] = (struct comtrade_rate){ rate, count };
    f->seconds = allocate((size_t)count, sizeof *f->seconds);
    f->value = allocate(CHANNELS, sizeof *f->value);
    f->status = allocate(1, sizeof *f->status);
    for (int c = 0; c < CHANNELS; c++)
        f->value[c] = allocate((size_t)count, sizeof *f->value[c]);
    for (int c = 0; c < status_count; c++)
        f->status[c] = allocate((size_t)count, 1);
    for (int64_t n = 0; n < count; n++)
        f->seconds[n] = (double)n / rate;
    return f;
}

/* Factors that bring the largest value near the end of the integers' range. */
static void set_factors(struct comtrade *f, double full_scale)
{
    for (int c = 0; c < CHANNELS; c++) {
        double most = 0;
        for (int64_t n = 0; n < f->count; n++)
            most = fmax(most, fabs(f->value[c][n]));
        double step = 1e-6;
        while (most / step > full_scale)
            step *= 2;
        f->analog[c].a = step;
    }
}

static void set_times(struct comtrade *f, int year, double trigger_s)
{
    f->start = (struct comtrade_time){ year, 3, 14, 9, 26, 53 };
    f->trigger = f->start;
    f->trigger.second += trigger_s;
}

static int finish(struct comtrade *f, const char *folder, const char *name)
{
    char path[PATH_BYTES];
    struct comtrade_error error;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int failed = comtrade_write(f, path, &error);
    if (failed)
        fprintf(stderr, "%s\n", error.text);
    comtrade_free(f);
    return failed;
}

/* A fault on phase B of a neighbouring feeder: the voltage falls to 45 % and turns by
 * 14 degrees at once, the other phases rise a little; it begins near the crest of B and
 * is cleared after 0.15 s. A drive on the feeder draws more from the weak phase, with a
 * decaying DC part, and the load takes an inrush when the voltage is back. */
static const double sag_from = 0.18472, sag_to = 0.33472;

static double sag_voltage(double t, int phase)
{
    double turns = 60 * t - phase / 3.0, v = 480 / sqrt(3);
    double deep = rise_since(t, sag_from, 0.0004) - rise_since(t, sag_to, 0.0006);
    double part = phase == 1 ? 1 - 0.55 * deep : 1 + 0.03 * deep;
    double turn = phase == 1 ? -14.0 / 360 * deep : 0;
    double ring =
        phase != 1
            ? 0
            : 38 * decay_since(t, sag_from, 0.0012) * sine(760 * (t - sag_from)) -
                  55 * decay_since(t, sag_to, 0.0015) * sine(690 * (t - sag_to));
    double harmonics = 0.012 * sine(5 * turns + 0.1) + 0.007 * sine(7 * turns + 0.35);
    return root2 * v * (part * sine(turns + turn) + harmonics) + ring;
}

static double sag_current(double t, int phase)
{
    double lag = 23.074 / 360; /* of power factor 0.92 */
    double turns = 60 * t - phase / 3.0 - lag, i = 80;
    double deep = rise_since(t, sag_from, 0.003) - rise_since(t, sag_to, 0.004);
    double inrush = decay_since(t, sag_to, 0.045);
    double part =
        phase == 1 ? 1 + 1.35 * deep + 0.7 * inrush : 1 - 0.06 * deep + 0.12 * inrush;
    double later = phase == 1 ? -19.0 / 360 * deep : 0;
    double dc =
        phase == 1
            ? 95 * (decay_since(t, sag_from, 0.022) -
                    decay_since(t, sag_from, 0.0006)) -
                  60 * (decay_since(t, sag_to, 0.03) - decay_since(t, sag_to, 0.0006))
            : 0;
    double harmonics = 0.055 * sine(5 * turns + 0.46) + 0.031 * sine(7 * turns + 0.08);
    return root2 * i * (part * sine(turns + later) + harmonics) + dc;
}

static int make_sag(const char *folder)
{
    static const char *const name[CHANNELS] = { "Va", "Vb", "Vc", "Ia", "Ib", "Ic" };
    struct comtrade *f = new_file(1999, COMTRADE_BINARY, 60, 4800, 2400, 1);
    uint32_t state = 1;
    strcpy(f->station, "WEST SUBSTATION");
    strcpy(f->device, "PANEL 3");
    name_channels(f, name);
    strcpy(f->status_name[0], "Sag B");
    for (int64_t n = 0; n < f->count; n++) {
        double t = f->seconds[n];
        for (int p = 0; p < PHASES; p++) {
            f->value[p][n] = sag_voltage(t, p) + noise(&state, 0.05);
            f->value[p + PHASES][n] = sag_current(t, p) + noise(&state, 0.02);
        }
        f->status[0][n] = t >= sag_from + 0.004 && t < sag_to + 0.004;
    }
    set_factors(f, 32000);
    set_times(f, 2024, sag_from);
    return finish(f, folder, "sag_b_480v");
}

/* An induction motor of 45 kW started on line: its equivalent circuit, ohms per phase,
 * behind the impedance of the supply, and a fan. */
struct motor {
    double slip;
    struct phasor current;   /* of the motor, phase A */
    struct phasor terminals; /* voltage, phase A */
};
static const struct phasor supply = { 0.009, 0.041 };
static const double stator_r = 0.05, rotor_r = 0.115, leakage_x = 0.68, magnet_x = 16;
static const double source_v = 281, base_load_z = 22, synchronous = 188.5;
static const double inertia = 1.15, start_at = 0.2043;

static void solve_motor(struct motor *m, bool running)
{
    struct phasor source = { source_v, 0 };
    struct phasor y = { 1 / base_load_z, 0 };
    struct phasor rotor = { stator_r + rotor_r / m->slip, leakage_x };
    struct phasor branch = divide((struct phasor){ 1, 0 }, rotor);
    branch.im -= 1 / magnet_x;
    struct phasor all = { y.re + (running ? branch.re : 0), running ? branch.im : 0 };
    struct phasor share = multiply(supply, all);
    share.re += 1;
    m->terminals = divide(source, share);
    m->current = running ? multiply(m->terminals, branch) : (struct phasor){ 0, 0 };
}

static void turn_motor(struct motor *m, double seconds)
{
    struct phasor rotor = { stator_r + rotor_r / m->slip, leakage_x };
    struct phasor i = divide(m->terminals, rotor);
    double torque = 3 * (i.re * i.re + i.im * i.im) * rotor_r / m->slip / synchronous;
    double speed = (1 - m->slip) * synchronous;
    double load = 12 + 210 * (speed / synchronous) * (speed / synchronous);
    m->slip -= seconds * (torque - load) / inertia / synchronous;
}

/* The current cannot jump: the DC part takes what the sine begins with. */
static double motor_dc(double t, int phase, struct phasor at_start)
{
    double tau = leakage_x / (2 * pi * 60 * (stator_r + rotor_r));
    double turns = 60 * start_at - phase / 3.0;
    return -wave(at_start, turns) * decay_since(t, start_at, tau);
}

static void motor_sample(struct comtrade *f, int64_t n, const struct motor *m,
                         struct phasor at_start)
{
    double t = f->seconds[n];
    for (int p = 0; p < PHASES; p++) {
        double turns = 60 * t - p / 3.0;
        struct phasor base = { m->terminals.re / base_load_z,
                               m->terminals.im / base_load_z };
        double third = 0.9 * sine(3 * turns + 0.5) + 0.6 * sine(5 * turns + 0.4);
        f->value[p][n] = wave(m->terminals, turns) + 2.9 * sine(5 * turns + 0.2) +
                         1.8 * sine(7 * turns + 0.7);
        f->value[p + PHASES][n] = wave(base, turns) + third + wave(m->current, turns) +
                                  motor_dc(t, p, at_start);
    }
}

static int make_motor(const char *folder)
{
    static const char *const name[CHANNELS] = {
        "BUS 1 VA", "BUS 1 VB", "BUS 1 VC", "MOTOR 4 IA", "MOTOR 4 IB", "MOTOR 4 IC"
    };
    struct comtrade *f = new_file(2013, COMTRADE_FLOAT32, 60, 5000, 7500, 0);
    struct motor m = { .slip = 1 }, start = { .slip = 1 };
    strcpy(f->station, "PUMP HOUSE");
    strcpy(f->device, "FEEDER 4");
    name_channels(f, name);
    solve_motor(&start, true);
    for (int64_t n = 0; n < f->count; n++) {
        bool running = f->seconds[n] >= start_at;
        solve_motor(&m, running);
        motor_sample(f, n, &m, start.current);
        if (running)
            turn_motor(&m, 1 / f->rate[0].hz);
    }
    set_times(f, 2024, start_at);
    return finish(f, folder, "motor_start");
}

/* 400 V, 50 Hz: an uneven load with rectifiers; a heater joins on phase A at 0.21 s. */
static int make_feeder(const char *folder)
{
    static const char *const name[CHANNELS] = { "Ua", "Ub", "Uc", "Ia", "Ib", "Ic" };
    static const double amps[PHASES] = { 42, 38, 51 }, lag[PHASES] = { 18, 26, 12 };
    static const double volts[PHASES] = { 231.2, 230.1, 229.4 };
    struct comtrade *f = new_file(1991, COMTRADE_ASCII, 50, 1200, 480, 0);
    strcpy(f->station, "OLD MILL");
    strcpy(f->device, "FEEDER 2");
    name_channels(f, name);
    for (int64_t n = 0; n < f->count; n++)
        for (int p = 0; p < PHASES; p++) {
            double t = f->seconds[n], u = 50 * t - p / 3.0 + 0.07, i = u - lag[p] / 360;
            double heater = p == 0 && t >= 0.21 ? root2 * 20 * sine(u) : 0;
            f->value[p][n] =
                root2 * volts[p] *
                (sine(u) + 0.009 * sine(3 * u + 0.4) + 0.016 * sine(5 * u + 0.1) -
                 (heater != 0 ? 0.006 : 0) * sine(u));
            f->value[p + PHASES][n] =
                root2 * amps[p] *
                    (sine(i) + 0.11 * sine(3 * i + 0.45) + 0.06 * sine(5 * i + 0.1) +
                     0.03 * sine(7 * i + 0.3)) +
                heater;
        }
    set_factors(f, 99000);
    set_times(f, 1994, 0.21);
    return finish(f, folder, "feeder_1991");
}

int main(int count, char **word)
{
    if (count != 2) {
        fprintf(stderr, "usage: make_recordings FOLDER\n");
        return 2;
    }
    return make_sag(word[1]) || make_motor(word[1]) || make_feeder(word[1]);
}
