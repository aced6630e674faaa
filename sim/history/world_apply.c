/* A row as a meter's grid and load. See world_apply.h. Angles come from turn.h, not from
 * libm, because samples are made of them. */
#include "sim/history/world_apply.h"
#include "waveform/base/turn.h"
#include <math.h>

#define TURN  18446744073709551616.0 /* 2^64 */
#define ROOT3 1.7320508075688772

static double degrees_of(double x, double y)
{
    return (double)(int64_t)turn_from_vector(x, y).frac / TURN * 360;
}

/* The triangle of three line voltages, seen from its centre; what is no triangle
 * becomes an equilateral one. */
static void set_triangle(const double line[3], struct site_grid *g)
{
    const double c = line[0], a = line[1], b = line[2];
    double x = c > 0 ? (b * b + c * c - a * a) / (2 * c) : 0, height = b * b - x * x;
    const double at[3][2] = { { 0, 0 }, { c, 0 }, { x, -sqrt(fmax(height, 0)) } };
    double centre[2] = { (c + x) / 3, at[2][1] / 3 };

    for (int k = 0; k < 3; k++) {
        double dx = at[k][0] - centre[0], dy = at[k][1] - centre[1];
        g->volts[k] = sqrt(dx * dx + dy * dy);
        g->degrees[k] = degrees_of(dx, dy);
    }
    const double first = g->degrees[0];
    for (int k = 0; k < 3; k++)
        g->degrees[k] -= first;
    if (height > 0)
        return;
    for (int k = 0; k < 3; k++) {
        g->volts[k] = (a + b + c) / 3 / ROOT3;
        g->degrees[k] = k == 0 ? 0 : k == 1 ? -120 : 120;
    }
}

static void set_grid(const struct world_row *row, enum waveform_wiring wiring,
                     struct site_grid *g)
{
    static const double star[3] = { 0, -120, 120 }, legs[3] = { 0, 180, 0 };
    const bool two = wiring == WAVEFORM_AB || wiring == WAVEFORM_ABN;

    *g = (struct site_grid){
        .hz = row->hz, .sets_hz = true, .how = SITE_VOLTS_EACH, .has_degrees = true
    };
    if (wiring == WAVEFORM_DELTA) {
        set_triangle(row->volts, g);
        return;
    }
    for (int k = 0; k < 3; k++) {
        g->volts[k] = wiring == WAVEFORM_AB ? row->volts[0] / 2 : row->volts[k];
        g->degrees[k] = two ? legs[k] : star[k];
    }
}

/* On three wires equal currents: what the phases draw is not known there. */
static void set_delta_load(const struct world_row *row, struct site_load *load)
{
    double kw = row->kw[0] + row->kw[1] + row->kw[2];
    double kvar = row->kvar[0] + row->kvar[1] + row->kvar[2];
    double volts = (row->volts[0] + row->volts[1] + row->volts[2]) / 3;
    double kva = sqrt(kw * kw + kvar * kvar);

    load->has_kw = fabs(kw) > 0.01 * kva;
    load->kw[0] = kw;
    for (int k = 0; k < 3; k++) {
        double lag = kva > 0 ? degrees_of(load->has_kw ? fabs(kw) : kw,
                                          load->has_kw && kw < 0 ? -kvar : kvar)
                             : 0;
        site_load_set_lag(load, k, lag);
        load->amps[k] = volts > 1 ? kva * 1000 / (ROOT3 * volts) : 0;
    }
}

static void set_load(const struct world_row *row, enum waveform_wiring wiring,
                     struct site_load *load)
{
    *load = (struct site_load){ .given = true, .phases = 7 };
    if (wiring == WAVEFORM_DELTA) {
        set_delta_load(row, load);
        return;
    }
    load->has_kw = load->kw_each = load->has_kvar = load->kvar_each = true;
    for (int k = 0; k < 3; k++) {
        load->kw[k] = row->kw[k];
        load->kvar[k] = row->kvar[k];
        load->pf[k] = 1;
        if (row->distortion[k] > 0) { /* against the crest: less is clipped */
            load->harmonics[k].count = 1;
            load->harmonics[k].item[0] = (struct waveform_harmonic){
                .order = 5, .percent = row->distortion[k], .degrees = 180
            };
        }
    }
}

int world_apply(const struct world_row *row, struct site_meter *m)
{
    const enum waveform_wiring wiring = waveform_wiring(m->unit->world);
    struct site_load load;
    struct site_load_sum sum;

    set_grid(row, wiring, &m->grid);
    int error = site_grid_apply(m, 0);
    if (error)
        return error;
    set_load(row, wiring, &load);
    return site_load_apply(&load, m, &sum);
}
