/* A meter through an accuracy case. See accuracy_run.h. */
#include "sim/bench/accuracy_run.h"
#include "sim/factory/port_unit.h"
#include "sim/plant/demo.h"
#include <math.h>
#include <string.h>

enum { SECOND_NS = 1000000000, STEP_NS = 10000000 };

struct run {
    const struct accuracy_case *c;
    struct unit *u;
    struct waveform_line line[WAVEFORM_LINES]; /* turned to the start phase */
    double hz, kv, ki;                         /* as they are now */
};

/* Turns every line by order × start_deg. */
static void turn_lines(struct run *r, double start_deg)
{
    memcpy(r->line, r->c->line, sizeof r->line);
    for (int k = 0; k < r->c->lines; k++) {
        double angle = r->line[k].order * start_deg * G_PI / 180;
        double c = cos(angle), s = sin(angle);
        for (int ch = 0; ch < WAVEFORM_CHANNELS && r->line[k].order != 0; ch++) {
            double re = r->line[k].re[ch], im = r->line[k].im[ch];
            r->line[k].re[ch] = re * c - im * s;
            r->line[k].im[ch] = re * s + im * c;
        }
    }
}

static void set_world(struct run *r, double hz, double kv, double ki)
{
    struct waveform_line line[WAVEFORM_LINES];

    if (hz == r->hz && kv == r->kv && ki == r->ki)
        return;
    memcpy(line, r->line, sizeof line);
    for (int k = 0; k < r->c->lines; k++)
        for (int ch = 0; ch < WAVEFORM_CHANNELS; ch++) {
            line[k].re[ch] *= ch < 3 ? kv : ki;
            line[k].im[ch] *= ch < 3 ? kv : ki;
        }
    waveform_set_lines(r->u->world, hz, line, r->c->lines);
    r->hz = hz;
    r->kv = kv;
    r->ki = ki;
}

/* The world at time t, as the events say. */
static void apply_events(struct run *r, double t)
{
    double hz = r->c->hz, kv = 1, ki = 1;

    for (int n = 0; n < r->c->events; n++) {
        const struct case_event *e = &r->c->event[n];
        bool inside = t >= e->t0 && t < e->t1;
        if (e->kind == EVENT_AMPLITUDE && inside) {
            kv *= e->a;
            ki *= e->b;
        } else if (e->kind == EVENT_RAMP && t >= e->t0) {
            hz = t >= e->t1 ? e->b
                            : e->a + (e->b - e->a) * (t - e->t0) / (e->t1 - e->t0);
        } else if (e->kind == EVENT_ALTERNATE) {
            ki *= fmod(t, e->t0) < e->t0 * e->t1 ? 1 : -1;
        } else if (e->kind == EVENT_SUPPLY) {
            unit_supply(r->u, !inside);
        }
    }
    set_world(r, hz, kv, ki);
}

static double shown(const struct unit *u, int q, double counts)
{
    int64_t x;
    return unit_reading(u, (enum quantity)q, &x) ? (double)x / counts : NAN;
}

static void read_meter(const struct unit *u, struct accuracy_reading *r)
{
    for (int k = 0; k < 3; k++) {
        r->v[k] = shown(u, Q_V_AN + k, 1e6);
        r->vll[k] = shown(u, Q_V_AB + k, 1e6);
        r->i[k] = shown(u, Q_I_A + k, 1e6);
        r->p[k] = shown(u, Q_KW_A + k, 1e6);
        r->q[k] = shown(u, Q_KVAR_A + k, 1e6);
        r->s[k] = shown(u, Q_KVA_A + k, 1e6);
        r->pf[k] = shown(u, Q_PF_A + k, 1e6);
    }
    r->p_total = shown(u, Q_KW_TOTAL, 1e6);
    r->q_total = shown(u, Q_KVAR_TOTAL, 1e6);
    r->s_total = shown(u, Q_KVA_TOTAL, 1e6);
    r->pf_total = shown(u, Q_PF_TOTAL, 1e6);
    r->hz = shown(u, Q_FREQ, 1e6);
    r->alerts = unit_alerts(u);
}

/* Wh with what the 1-mWh counts leave. */
static double energy_wh(const struct unit *u, enum energy_kind kind)
{
    return u->device->kind->inside->energy_wh(u->device, kind);
}

static void write_constants(struct unit *u, const struct meter_constants *c)
{
    const struct port port = port_unit(u);

    port_unit_restart(u, true);
    const bool written = meter_write_constants(&port, c, NULL);
    g_assert(written);
    port_unit_restart(u, false);
}

static struct unit *meter_for(const struct accuracy_case *c)
{
    struct demo d = { .model = c->model,
                      .system_type = c->system_type,
                      .ct_primary_a = c->ct_a,
                      .pt_ratio = 1,
                      .volts_ll = c->volts,
                      .hz = c->hz,
                      .pf = 1 };
    struct unit *u = demo_unit(&d, 0);

    g_assert(u); /* the settings are chosen within their ranges */
    demo_write(u, 144, 10);
    for (int n = 0; n < c->faults; n++)
        unit_set_fault(u, c->fault[n].fault, c->fault[n].phase, c->fault[n].value);
    if (c->adc_dc_v != 0)
        unit_set_fault(u, FAULT_ADC_OFFSET_V, -1,
                       c->adc_dc_v * u->sensors.codes_per_v / HAL_CODES * 100);
    if (c->adc_dc_a != 0)
        unit_set_fault(u, FAULT_ADC_OFFSET_I, -1,
                       c->adc_dc_a * u->sensors.codes_per_a / HAL_CODES * 100);
    if (c->constants)
        write_constants(u, c->constants);
    return u;
}

/* Is the world, over the window of the second that ends at t, as the row's columns
 * say? */
static bool undisturbed(const struct accuracy_case *c, double t)
{
    const double window = 1.2;

    for (int n = 0; n < c->events; n++) {
        const struct case_event *e = &c->event[n];
        if (e->kind == EVENT_AMPLITUDE && t > e->t0 && t - window < e->t1)
            return false;
    }
    return true;
}

/* The first instant after t at which an event changes the world. */
static double next_change(const struct accuracy_case *c, double t)
{
    double next = INFINITY;

    for (int n = 0; n < c->events; n++) {
        const struct case_event *e = &c->event[n];
        double period = floor(t / e->t0 + 1e-9) * e->t0;
        const double at[] = { e->t0, e->t1, period + e->t0 * e->t1, period + e->t0 };
        int first = e->kind == EVENT_ALTERNATE ? 2 : 0;
        for (int k = first; k < first + 2; k++)
            if (at[k] > t + 1e-9 && at[k] < next)
                next = at[k];
    }
    return next;
}

/* Small steps where a ramp needs them; else to the next second or change. The reading
 * kept is that of the last undisturbed second. */
static void run_case(struct run *r, double seconds, struct accuracy_reading *reading)
{
    int64_t end = (int64_t)(seconds * SECOND_NS);
    int64_t step = r->c->events ? STEP_NS : SECOND_NS;

    for (int64_t t = 0; t < end;) {
        double change = next_change(r->c, (double)t * 1e-9);
        int64_t to = MIN(t - t % step + step, end);
        if (change * SECOND_NS < (double)to)
            to = (int64_t)(change * SECOND_NS + 0.5);
        apply_events(r, (double)t * 1e-9);
        unit_advance(r->u, to);
        t = to;
        if (r->u->now_ns % SECOND_NS == 0 &&
            undisturbed(r->c, (double)r->u->now_ns * 1e-9))
            read_meter(r->u, reading);
    }
}

/* Expected energies are power × time; the sinusoid's own ripple would add up to a
 * millisecond's worth at a broken cycle. So a steady world runs for whole cycles of its
 * fundamental, a little longer than asked, and energy is scaled back. */
static double whole_cycles(const struct accuracy_case *c)
{
    return c->events ? c->seconds : ceil(c->seconds * c->hz - 1e-9) / c->hz;
}

void accuracy_case_run(const struct accuracy_case *c, double start_deg,
                       struct accuracy_reading *reading)
{
    struct run r = { .c = c, .u = meter_for(c) };

    turn_lines(&r, start_deg);
    double seconds = whole_cycles(c);
    read_meter(r.u, reading);
    run_case(&r, seconds, reading);
    reading->demand_kw = shown(r.u, Q_KW_DEMAND, 1e9);
    set_world(&r, c->hz, 0, 0);
    unit_advance(r.u, r.u->now_ns + 2 * (int64_t)SECOND_NS);
    reading->wh_import = energy_wh(r.u, ENERGY_IMPORT) * c->seconds / seconds;
    reading->wh_export = energy_wh(r.u, ENERGY_EXPORT) * c->seconds / seconds;
    reading->varh_import =
        (energy_wh(r.u, ENERGY_Q1) + energy_wh(r.u, ENERGY_Q2)) * c->seconds / seconds;
    reading->pulses = shown(r.u, Q_PULSE_COUNT_1, 1);
    unit_free(r.u);
}

/* Seconds and minutes of the clock, register 157. */
static int clock_word(struct unit *u)
{
    const uint8_t request[] = { 3, 0, 156, 0, 1 };
    uint8_t answer[METER_PDU_MAX];

    return unit_request(u, request, sizeof request, answer) == 4
               ? answer[2] << 8 | answer[3]
               : -1;
}

/* Unit time at which the clock next changes, from `from_ns` on. */
static int64_t next_tick(struct unit *u, int64_t from_ns)
{
    enum { FINE_NS = 100000 };

    unit_advance(u, from_ns);
    for (int before = clock_word(u); clock_word(u) == before;)
        unit_advance(u, u->now_ns + FINE_NS);
    return u->now_ns;
}

double accuracy_clock_ppm(const struct accuracy_case *c, int seconds)
{
    struct unit *u = meter_for(c);
    const int64_t first = next_tick(u, u->now_ns + 2 * (int64_t)SECOND_NS);
    const int64_t span = (int64_t)seconds * SECOND_NS;
    const int64_t last = next_tick(u, first + span - SECOND_NS / 2);

    unit_free(u);
    return ((double)span / (double)(last - first) - 1) * 1e6;
}
