/* Currents from what was asked for. See site_load.h. Angles come from turn.h, not from
 * libm, because samples are made of them. */
#include "sim/site/site_load.h"
#include "sim/site/site_feeder.h"
#include "waveform/base/turn.h"
#include "waveform/grid.h"
#include "waveform/three_wires.h"
#include <math.h>

#define TURN 18446744073709551616.0 /* 2^64 */

static double to_degrees(struct turn t)
{
    return (double)(int64_t)t.frac / TURN * 360;
}

static double cosine_of(double degrees)
{
    double sine, cosine;

    turn_sin_cos(turn_from_ratio(degrees, 360).frac, &sine, &cosine);
    return cosine;
}

void site_load_set_pf(struct site_load *load, int k, double pf, bool leading)
{
    double size = fabs(pf);
    double lag = to_degrees(turn_from_vector(size, sqrt(1 - size * size)));

    load->pf[k] = size;
    load->lag_degrees[k] = (leading ? -lag : lag) + (pf < 0 ? 180 : 0);
}

void site_load_set_lag(struct site_load *load, int k, double degrees)
{
    load->lag_degrees[k] = degrees;
    load->pf[k] = cosine_of(degrees);
}

/* Where the load is connected, and which of its phases there are. */
struct place {
    const struct waveform_grid *grid;
    unsigned phases;
    bool three_wires;
    double volts[3]; /* that drive the currents */
};

static struct place place_of(const struct waveform_grid *grid,
                             enum waveform_wiring wiring, bool ab, unsigned phases)
{
    struct place p = { grid, phases, wiring == WAVEFORM_DELTA && !ab, { 0 } };
    struct turn angle[3];

    if (p.three_wires)
        three_wires_star(grid, p.volts, angle);
    for (int k = 0; k < 3 && !p.three_wires; k++)
        p.volts[k] = ab ? grid_volts_between(grid, 0, 1) : grid->volts[k];
    return p;
}

/* kW or kvar of one phase. */
static double share(const struct place *p, const double size[3], bool each, int k)
{
    return each ? size[k] : size[0] / __builtin_popcount(p->phases);
}

static int phase_by_kw(const struct site_load *load, const struct place *p, int k,
                       struct waveform_load *out)
{
    double kw = share(p, load->kw, load->kw_each, k), pf = fabs(load->pf[k]);

    if (load->has_kvar) {
        double kvar = share(p, load->kvar, load->kvar_each, k);
        out->lag_degrees[k] += to_degrees(turn_from_vector(kw, kvar));
        kw = sqrt(kw * kw + kvar * kvar);
        pf = 1;
    }
    if (p->volts[k] < 1e-6 && kw != 0)
        return SITE_ERROR_NO_VOLTAGE;
    if (pf < 1e-3)
        return SITE_ERROR_NO_PF;
    out->amps[k] = kw != 0 ? fabs(kw) * 1000 / (p->volts[k] * pf) : 0;
    if (kw < 0)
        out->lag_degrees[k] += 180;
    return 0;
}

/* Equal currents of three wires, whose elements need not have equal powers. */
static int all_by_kw(const struct site_load *load, const struct place *p,
                     struct waveform_load *out)
{
    struct waveform_load one = *out;

    for (int k = 0; k < 3; k++) {
        one.amps[k] = p->phases >> k & 1;
        one.lag_degrees[k] += load->kw[0] < 0 ? 180 : 0;
        if (fabs(load->pf[k]) < 1e-3)
            return SITE_ERROR_NO_PF;
    }
    *out = one;
    three_wires_close(p->grid, &one);
    double watts = fabs(three_wires_watts(p->grid, &one));
    if (watts < 1e-6)
        return SITE_ERROR_NO_VOLTAGE;
    for (int k = 0; k < 3; k++)
        out->amps[k] *= fabs(load->kw[0]) * 1000 / watts;
    return 0;
}

static int amps_of_kw(const struct site_load *load, const struct place *p,
                      struct waveform_load *out)
{
    int error = 0;

    if (p->three_wires && !load->kw_each && !load->has_kvar &&
        three_wires_excess(
            (double[3]){ p->phases & 1, p->phases >> 1 & 1, p->phases >> 2 & 1 }) == 0)
        return all_by_kw(load, p, out);
    for (int k = 0; k < 3 && !error; k++)
        if (p->phases >> k & 1)
            error = phase_by_kw(load, p, k, out);
    return error;
}

static const double ROUNDED = 1e-3; /* of the max: currents as people write them */

/* Currents by kilowatts of each phase have their angles; others are given them. */
static int close_triangle(const struct site_load *load, const struct place *p,
                          struct waveform_load *out, struct site_load_sum *sum)
{
    const double max = fmax(out->amps[0], fmax(out->amps[1], out->amps[2]));
    bool fixed = load->kw_each || load->has_kvar;

    *sum = (struct site_load_sum){ .order = 1 };
    for (int k = 0; k < 3; k++)
        sum->amps[k] = out->amps[k];
    sum->left = fixed ? three_wires_sum(p->grid, out) : three_wires_excess(out->amps);
    if (sum->left > (fixed ? ROUNDED * max : 0))
        return SITE_ERROR_NO_WAY_BACK;
    three_wires_close(p->grid, out);
    sum->left = three_wires_harmonic_sum(p->grid, out, &sum->order);
    return sum->left > ROUNDED * max ? SITE_ERROR_NO_WAY_BACK : 0;
}

int site_load_apply(const struct site_load *load, struct site_meter *m,
                    struct site_load_sum *sum)
{
    const enum waveform_wiring wiring = m->unit->sensors.wiring;
    struct waveform_load out = { .ab = load->ab || wiring == WAVEFORM_AB };
    unsigned phases = load->phases & (out.ab ? 1 : wiring_table[wiring].conductors);
    const struct waveform_grid grid = waveform_grid(m->unit->world);
    const struct place p = place_of(&grid, wiring, out.ab, phases);
    int error = 0;

    for (int k = 0; k < 3; k++) {
        out.lag_degrees[k] = load->lag_degrees[k];
        out.harmonics[k] = load->harmonics[k];
        if (phases >> k & 1)
            out.amps[k] = load->amps[k];
    }
    if (load->has_kw)
        error = amps_of_kw(load, &p, &out);
    if (!error && p.three_wires)
        error = close_triangle(load, &p, &out, sum);
    return error ? error : site_feeder_set_load(m, &out);
}

void site_load_store(struct store *st, struct site_load *load)
{
    store_flag(st, &load->given);
    store_flag(st, &load->has_kw);
    store_flag(st, &load->kw_each);
    store_flag(st, &load->has_kvar);
    store_flag(st, &load->kvar_each);
    STORE_REALS(st, load->amps, STORE_SIZE_MAX);
    STORE_REALS(st, load->kvar, STORE_SIZE_MAX);
    STORE_REALS(st, load->kw, STORE_SIZE_MAX);
    STORE_REALS(st, load->lag_degrees, STORE_SIZE_MAX);
    STORE_REALS(st, load->pf, STORE_SIZE_MAX);
    load->phases = (unsigned)store_count(st, (int)load->phases, 0, 7);
    store_flag(st, &load->ab);
    for (int k = 0; k < 3; k++)
        waveform_store_harmonics(st, &load->harmonics[k]);
}
