/* The type tests' cases: from a row to its value. See typetest_case.h. */
#include "sim/bench/typetest_case.h"
#include "sim/bench/accuracy_run.h"
#include <math.h>
#include <string.h>

const struct type_test type_tests[] = {
#define T(clause, text, kind, current, angle, volts, hz, shape, s02, s05)              \
    { clause, text, kind, current, angle, volts, hz, shape, { s02, s05 } },
#include "sim/bench/typetest.def"
};
const size_t type_test_count = G_N_ELEMENTS(type_tests);

enum { CT_A = 100, UN_V = 277, SECONDS = 10, RUNS = 10 };
enum { HOT_C = 45, COLD_C = -15, AROUND_K = 10, CUT_S = 2, CLOCK_S = 1000 };

static struct waveform_line *new_line(struct accuracy_case *c, double order)
{
    c->line[c->lines] = (struct waveform_line){ .order = order };
    return &c->line[c->lines++];
}

static void set_phasor(struct waveform_line *line, int channel, double rms,
                       double degrees)
{
    line->re[channel] = rms * cos(degrees * G_PI / 180);
    line->im[channel] = rms * sin(degrees * G_PI / 180);
}

static bool voltage_lives(enum type_test_shape shape, int k)
{
    if (shape == WITHOUT_B)
        return k != 1;
    return shape != ONLY_A_LIVE || k == 0;
}

static bool current_flows(enum type_test_shape shape, int k)
{
    if (shape == ONLY_A || shape == ONLY_B || shape == ONLY_C)
        return k == (int)(shape - ONLY_A);
    return voltage_lives(shape, k);
}

/* Angle of a phase at zero lag. */
static double phase_angle(enum type_test_shape shape, int k)
{
    static const double angles[3] = { 0, -120, 120 };
    return shape == REVERSED ? -angles[k] : angles[k];
}

static void add_fundamental(struct accuracy_case *c, const struct type_test *t)
{
    struct waveform_line *line = new_line(c, 1);

    for (int k = 0; k < 3; k++) {
        double angle = phase_angle(t->shape, k);
        if (voltage_lives(t->shape, k))
            set_phasor(line, k, UN_V * t->volts, angle);
        if (current_flows(t->shape, k))
            set_phasor(line, 3 + k, CT_A * t->percent_in / 100, angle - t->lag_degrees);
    }
}

/* A component of order h of the current, and of the voltage, in each phase; degrees at
 * the zero of the phase's own fundamental. */
static void add_component(struct accuracy_case *c, double order, double volts,
                          double amps, double degrees)
{
    struct waveform_line *line = new_line(c, order);

    for (int k = 0; k < 3; k++) {
        double angle = order * phase_angle(BALANCED, k) + degrees;
        set_phasor(line, k, volts, angle);
        set_phasor(line, 3 + k, amps, angle);
    }
}

/* Conduction from 90 to 180 degrees of each half-wave of a sine of 1 A rms: phasors of
 * the odd orders against sin, to the 19th. */
static void add_phase_fired(struct accuracy_case *c, double amps)
{
    struct waveform_line *first = &c->line[0];

    for (int k = 0; k < 3; k++) {
        double angle = phase_angle(BALANCED, k) * G_PI / 180;
        double re = amps * 0.5, im = -amps / G_PI;
        first->re[3 + k] = re * cos(angle) - im * sin(angle);
        first->im[3 + k] = re * sin(angle) + im * cos(angle);
    }
    for (int h = 3; h <= 19; h += 2) {
        /* b_h (sine), a_h (cosine) of the wave, by its integrals over 90…180 degrees */
        double lower = h - 1, upper = h + 1;
        double b =
            (-sin(lower * G_PI / 2) / lower + sin(upper * G_PI / 2) / upper) / G_PI;
        double a = (-(cos(upper * G_PI) - cos(upper * G_PI / 2)) / upper +
                    (cos(lower * G_PI) - cos(lower * G_PI / 2)) / lower) /
                   G_PI;
        double rms = amps * sqrt(a * a + b * b), degrees = atan2(a, b) * 180 / G_PI;
        add_component(c, h, 0, rms, degrees);
    }
}

/* Two cycles on, two off: sidebands at odd multiples of a quarter of the frequency. */
static void add_burst(struct accuracy_case *c, double amps)
{
    struct waveform_line *first = &c->line[0];

    for (int ch = 3; ch < 6; ch++) {
        first->re[ch] /= 2;
        first->im[ch] /= 2;
    }
    for (int m = 1; m <= 19; m += 2) {
        double side = amps / (G_PI * m); /* half of the square wave's 2/(πm) */
        add_component(c, 1 - m * 0.25 < 0 ? m * 0.25 - 1 : 1 - m * 0.25, 0, side,
                      1 - m * 0.25 < 0 ? -90 : 90);
        add_component(c, 1 + m * 0.25, 0, side, -90);
    }
}

static void add_event(struct accuracy_case *c, enum case_event_kind kind, double t0,
                      double t1, double factor)
{
    c->event[c->events++] = (struct case_event){ kind, t0, t1, factor, factor };
}

static void build_case(struct accuracy_case *c, const struct type_test *t,
                       const struct model *model)
{
    double amps = CT_A * t->percent_in / 100;

    memset(c, 0, sizeof *c);
    c->id = t->clause;
    c->model = model;
    c->system_type = 40;
    c->hz = t->hz;
    c->seconds = t->percent_in < 1 ? 60 : SECONDS;
    c->ct_a = CT_A;
    c->volts = 480;
    add_fundamental(c, t);
    if (t->shape == FIFTH)
        add_component(c, 5, UN_V * 0.1, amps * 0.4, 0);
    else if (t->shape == PHASE_FIRED)
        add_phase_fired(c, amps);
    else if (t->shape == BURST)
        add_burst(c, amps);
    else if (t->shape == DIP)
        add_event(c, EVENT_AMPLITUDE, 4.2, 4.7, 0.5);
    else if (t->shape == INTERRUPTION)
        add_event(c, EVENT_AMPLITUDE, 4, 7, 0);
    else if (t->shape == RIDE_THROUGH)
        add_event(c, EVENT_SUPPLY, 5, 5.1, 0);
    else if (t->shape == CUT)
        add_event(c, EVENT_SUPPLY, 3, 3 + CUT_S, 0);
}

/* Wh (varh) that truly flowed. */
static double true_energy(const struct accuracy_case *c, bool reactive)
{
    struct waveform *world = waveform_new(WAVEFORM_WYE);
    struct waveform_truth truth;
    double hours = c->seconds / 3600;

    waveform_set_lines(world, c->hz, c->line, c->lines);
    waveform_truth(world, &truth);
    waveform_free(world);
    for (int n = 0; n < c->events; n++)
        if (c->event[n].kind == EVENT_AMPLITUDE)
            hours -= (c->event[n].t1 - c->event[n].t0) *
                     (1 - c->event[n].a * c->event[n].b) / 3600;
    return (reactive ? truth.q_total : truth.p_total) * hours;
}

static double error_percent(const struct accuracy_case *c, const struct type_test *t,
                            double start_degrees)
{
    struct accuracy_reading r;
    bool reactive = t->kind == REACTIVE || t->kind == REACTIVE_VARIATION ||
                    t->kind == REACTIVE_COEFFICIENT;
    double truth = true_energy(c, reactive);

    accuracy_case_run(c, start_degrees, &r);
    double energy = reactive ? r.varh_import : r.wh_import;
    if (t->kind == NOTHING)
        return r.wh_import + r.wh_export;
    if (t->kind == START_UP) /* seconds without energy, less the cut */
        return (1 - r.wh_import / truth) * c->seconds - CUT_S;
    if (t->kind == EXPORT && !c->model->unidirectional)
        energy = -r.wh_export;
    if (t->kind == EXPORT && c->model->unidirectional)
        energy = -r.wh_import;
    return (energy / truth - 1) * 100;
}

static double spread_percent(const struct accuracy_case *c, const struct type_test *t)
{
    double min = INFINITY, max = -INFINITY;

    for (int n = 0; n < RUNS; n++) {
        double e = error_percent(c, t, 36.0 * n);
        min = fmin(min, e);
        max = fmax(max, e);
    }
    return max - min;
}

/* Percent per kelvin. */
static double coefficient(struct accuracy_case *c, const struct type_test *t)
{
    const int middle = t->shape == HOT ? HOT_C : COLD_C;
    double error[2];

    for (int k = 0; k < 2; k++) {
        c->fault[c->faults] =
            (struct case_fault){ FAULT_TEMPERATURE, -1,
                                 middle + (k ? AROUND_K : -AROUND_K) };
        c->faults++;
        error[k] = error_percent(c, t, 0);
        c->faults--;
    }
    return (error[1] - error[0]) / (2 * AROUND_K);
}

static double value_of(struct accuracy_case *c, const struct type_test *t)
{
    switch (t->kind) {
    case SPREAD:
        return spread_percent(c, t);
    case COEFFICIENT:
    case REACTIVE_COEFFICIENT:
        return coefficient(c, t);
    case TIME:
        return accuracy_clock_ppm(c, CLOCK_S);
    case REAL:
    case EXPORT:
    case REACTIVE:
    case VARIATION:
    case REACTIVE_VARIATION:
    case NOTHING:
    case START_UP:
        break;
    }
    return error_percent(c, t, 0);
}

static void fit_board(struct accuracy_case *c, const struct type_test_board *board)
{
    c->constants = board->constants;
    for (int n = 0; n < board->made->faults; n++)
        c->fault[c->faults++] = (struct case_fault){ board->made->fault[n].fault,
                                                     board->made->fault[n].phase,
                                                     board->made->fault[n].value };
}

double type_test_value(const struct type_test *t, const struct model *model,
                       const struct type_test_board *board)
{
    struct accuracy_case c;

    build_case(&c, t, model);
    if (board)
        fit_board(&c, board);
    return value_of(&c, t);
}

double type_test_limit(const struct type_test *t, const struct model *model)
{
    return t->limit[model->unidirectional];
}

bool type_test_varies(const struct type_test *t)
{
    return t->kind == VARIATION || t->kind == REACTIVE_VARIATION;
}

bool type_test_is_reference(const struct type_test *t)
{
    return t->kind == REAL || t->kind == REACTIVE;
}

bool type_test_is_for(const struct type_test *t, const struct model *model)
{
    return t->kind != TIME || model->logs; /* without a clock */
}
