/* Currents from what was asked for. See site_load.h. Angles come from turn.h, not from
 * libm, because samples are made of them. */
#include "sim/site/site_load.h"
#include "sim/site/site_feeder.h"
#include "waveform/base/turn.h"
#include "waveform/grid.h"
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

/* Volts that drive the current of phase k. */
static double driving_volts(const struct waveform_grid *grid, bool ab, int k)
{
    return ab ? grid_volts_between(grid, 0, 1) : grid->volts[k];
}

static int amps_of_kw(const struct site_load *load, const struct waveform_grid *grid,
                      unsigned phases, struct waveform_load *out)
{
    int count = __builtin_popcount(phases);

    for (int k = 0; k < 3; k++) {
        if (!(phases >> k & 1))
            continue;
        double volts = driving_volts(grid, out->ab, k), pf = fabs(load->pf[k]);
        if (volts == 0)
            return SITE_ERROR_NO_VOLTAGE;
        if (pf < 1e-3)
            return SITE_ERROR_NO_PF;
        out->amps[k] = fabs(load->kw) * 1000 / count / (volts * pf);
        if (load->kw < 0)
            out->lag_degrees[k] += 180;
    }
    return 0;
}

/* Which phases a meter of this wiring has currents in. */
static unsigned wired_phases(enum waveform_wiring wiring)
{
    return wiring == WAVEFORM_AN || wiring == WAVEFORM_AB ? 1
           : wiring == WAVEFORM_ABN                       ? 3
                                                          : 7;
}

int site_load_apply(const struct site_load *load, struct site_meter *m)
{
    const enum waveform_wiring wiring = m->unit->sensors.wiring;
    struct waveform_load out = { .ab = load->ab || wiring == WAVEFORM_AB };
    unsigned phases = load->phases & (out.ab ? 1 : wired_phases(wiring));
    int error = 0;

    for (int k = 0; k < 3; k++) {
        out.lag_degrees[k] = load->lag_degrees[k];
        out.harmonics[k] = load->harmonics[k];
        if (phases >> k & 1)
            out.amps[k] = load->amps[k];
    }
    if (load->has_kw)
        error = amps_of_kw(load, waveform_grid(m->unit->world), phases, &out);
    return error ? error : site_feeder_set_load(m, &out);
}

void site_load_store(struct store *st, struct site_load *load)
{
    store_flag(st, &load->given);
    store_flag(st, &load->has_kw);
    STORE(st, load->amps);
    STORE(st, load->kw);
    STORE(st, load->lag_degrees);
    STORE(st, load->pf);
    load->phases = (unsigned)store_count(st, (int)load->phases, 0, 7);
    store_flag(st, &load->ab);
    for (int k = 0; k < 3; k++)
        waveform_store_harmonics(st, &load->harmonics[k]);
}
