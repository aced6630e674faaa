/* Voltages from the description of the grid. The fundamental is always there, even at
 * 0 V: the load and the exact values need it. */
#include "waveform/grid.h"
#include "waveform/base/constants.h"
#include <math.h>
#include <string.h>

enum {
    FLICKER_TERMS = 8, /* of a rectangle: orders 1, 3 … 15 of its frequency */
    NOTCH_ORDERS = 50
};

double grid_volts_between(const struct waveform_grid *g, int a, int b)
{
    double sine, cosine;
    turn_sin_cos(turn_from_ratio(g->degrees[a] - g->degrees[b], 360).frac, &sine,
                 &cosine);
    double square = g->volts[a] * g->volts[a] + g->volts[b] * g->volts[b] -
                    2 * g->volts[a] * g->volts[b] * cosine;
    return sqrt(square > 0 ? square : 0);
}

void grid_add_lines(const struct waveform_grid *grid, struct lines *lines)
{
    for (int phase = 0; phase < WAVEFORM_PHASES; phase++) {
        enum waveform_channel channel = (enum waveform_channel)(WAVEFORM_VA + phase);
        double volts = grid->lost[phase] ? 0 : grid->volts[phase];
        struct turn angle = turn_from_ratio(grid->degrees[phase], 360);
        lines_add_phasor(lines, 1, channel, volts, angle.frac);
        if (volts != 0)
            lines_add_harmonics(lines, &grid->harmonics[phase], channel, volts, angle);
    }
}

void grid_set_kind(struct waveform_grid *grid, enum grid_kind kind, double volts)
{
    static const struct {
        double volts[WAVEFORM_PHASES], degrees[WAVEFORM_PHASES];
    } KIND[] = {
        [GRID_WYE] = { { 1 / SQRT3, 1 / SQRT3, 1 / SQRT3 }, { 0, -120, 120 } },
        [GRID_ACB] = { { 1 / SQRT3, 1 / SQRT3, 1 / SQRT3 }, { 0, 120, -120 } },
        [GRID_HIGH_LEG] = { { 0.5, SQRT3 / 2, 0.5 }, { 0, -90, 180 } },
        [GRID_CORNER] = { { 1, 0, 1 }, { 0, 0, 60 } },
        [GRID_SPLIT] = { { 0.5, 0.5, 0 }, { 0, 180, 0 } },
    };
    double hz = grid->hz;
    *grid = (struct waveform_grid){ .hz = hz };
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        grid->volts[k] = volts * KIND[kind].volts[k];
        grid->degrees[k] = KIND[kind].degrees[k];
    }
}

static double degrees_of(struct turn t)
{
    return (double)(int64_t)t.frac * (360 / TWO_TO_64);
}

/* Phase B lags A by 120° in the positive sequence, leads in the negative one. */
void grid_set_sequences(struct waveform_grid *grid, const double volts[3],
                        const double degrees[3])
{
    static const int STEP[3] = { 0, -120, 120 };
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        double re = 0, im = 0;
        for (int sequence = 0; sequence < 3; sequence++) {
            double sine, cosine, angle = degrees[sequence] + k * STEP[sequence];
            turn_sin_cos(turn_from_ratio(angle, 360).frac, &sine, &cosine);
            re += volts[sequence] * cosine;
            im += volts[sequence] * sine;
        }
        grid->volts[k] = sqrt(re * re + im * im);
        double angle = degrees_of(turn_from_vector(re, im));
        grid->degrees[k] =
            fabs(angle) < 1e-12 ? 0 : angle; /* what is left of rounding */
    }
}

struct turn grid_signed_turns(double numerator, double denominator)
{
    if (numerator >= 0)
        return turn_from_ratio(numerator, denominator);
    return turn_sub((struct turn){ 0, 0 }, turn_from_ratio(-numerator, denominator));
}

uint64_t grid_turns(double hz, double seconds)
{
    return grid_signed_turns(hz * seconds, 1).frac;
}

/* sin(−x + φ) = sin(x + ½ − φ), in turns. */
void grid_add_anchored(struct shape *s, double order, double rms, uint64_t phase_now,
                       struct turn now)
{
    double sine, cosine;
    if (order < 0) {
        order = -order;
        phase_now = (UINT64_C(1) << 63) - phase_now;
    }
    turn_sin_cos(phase_now - turn_multiply(now, order), &sine, &cosine);
    shape_add(s, order, rms * cosine, rms * sine);
}

/* v·m·sin β is two lines: m/2·v at β more, a quarter turn back, and at β less, a
 * quarter turn on. */
static void add_sidebands(const struct waveform_disturbance *t, double order,
                          double rms, uint64_t angle, const struct grid_clock *clock,
                          struct shape *source)
{
    const uint64_t quarter = UINT64_C(1) << 62;
    int terms = t->flicker_rectangular ? FLICKER_TERMS : 1;
    double depth = t->flicker_percent / 200 * (terms > 1 ? 4 / PI : 1);
    uint64_t beat = grid_turns(t->flicker_hz, clock->seconds);
    uint64_t now = turn_multiply(clock->phase, order) + angle;
    for (int k = 0; k < terms; k++) {
        int n = 2 * k + 1;
        double half = rms * depth / n / 2, away = n * t->flicker_hz / clock->hz;
        uint64_t beta = (uint64_t)n * beat;
        grid_add_anchored(source, order + away, half, now + beta - quarter,
                          clock->phase);
        grid_add_anchored(source, order - away, half, now - beta + quarter,
                          clock->phase);
    }
}

static void add_component(const struct waveform_disturbance *t, double order,
                          double rms, uint64_t angle, const struct grid_clock *clock,
                          struct shape *source)
{
    double sine, cosine;
    turn_sin_cos(angle, &sine, &cosine);
    shape_add(source, order, rms * cosine, rms * sine);
    if (t->flicker_percent != 0 && order > 0)
        add_sidebands(t, order, rms, angle, clock, source);
}

static void add_notches(const struct waveform_disturbance *t, double volts,
                        struct turn angle, struct shape *source)
{
    int first = source->count,
        orders = t->notch_orders ? t->notch_orders : NOTCH_ORDERS;
    shape_notches(source, t->notch_percent / 100, t->notch_width_degrees,
                  t->notch_delay_degrees, orders);
    for (int k = first; k < source->count && k < source->capacity; k++) {
        struct shape_line *line = &source->line[k], was = *line;
        double sine, cosine;
        turn_sin_cos(turn_multiply(angle, was.order), &sine, &cosine);
        line->re = volts * (was.re * cosine - was.im * sine);
        line->im = volts * (was.re * sine + was.im * cosine);
    }
}

void grid_add_source(const struct waveform_grid *grid,
                     const struct waveform_disturbance *disturbance, int phase,
                     double jump_degrees, const struct grid_clock *clock,
                     struct shape *source)
{
    const struct waveform_harmonics *harmonics = &grid->harmonics[phase];
    double volts = grid->volts[phase];
    struct waveform_disturbance own = *disturbance;
    own.flicker_percent *= 1 - own.flicker_less[phase];
    own.notch_percent *= 1 - own.notch_less[phase];
    struct turn angle = turn_add(turn_from_ratio(grid->degrees[phase], 360),
                                 turn_from_ratio(jump_degrees, 360));
    add_component(&own, 1, volts, angle.frac, clock, source);
    for (int k = 0; volts != 0 && k < harmonics->count; k++) {
        const struct waveform_harmonic *h = &harmonics->item[k];
        add_component(&own, h->order, volts * h->percent / 100,
                      turn_multiply(angle, h->order) +
                          turn_from_ratio(h->degrees, 360).frac,
                      clock, source);
    }
    if (own.notch_percent != 0)
        add_notches(&own, volts, angle, source);
}

int grid_source_count(const struct waveform_grid *grid,
                      const struct waveform_disturbance *disturbance)
{
    int max = 0,
        notches = disturbance->notch_orders ? disturbance->notch_orders : NOTCH_ORDERS;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        max = grid->harmonics[k].count > max ? grid->harmonics[k].count : max;
    int each = disturbance->flicker_percent != 0 ? 1 + 2 * FLICKER_TERMS : 1;
    return (1 + max) * each + (disturbance->notch_percent != 0 ? notches / 2 + 1 : 0);
}
