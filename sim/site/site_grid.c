/* Voltages by wiring, kind and sequence; what is wrong with the grid. See site_grid.h.
 * The frequency is only set where it is named: events may have moved it. A phase is
 * lost by the fault phase_loss, so that there is one owner of what is lost. */
#include "sim/site/site_grid.h"
#include "sim/site/site_fault.h"
#include "sim/site/site_feeder.h"

#define SQRT3 1.7320508075688772

static bool has_two_legs(enum waveform_wiring wiring)
{
    return wiring == WAVEFORM_AB || wiring == WAVEFORM_ABN;
}

static bool is_wired(enum waveform_wiring wiring, int k)
{
    return wiring_table[wiring].conductors >> k & 1;
}

static double phase_volts(const struct site_grid *g, enum waveform_wiring wiring, int k)
{
    if (!is_wired(wiring, k))
        return 0;
    switch (g->how) {
    case SITE_VOLTS_LL:
        return has_two_legs(wiring) ? g->volts[0] / 2 : g->volts[0] / SQRT3;
    case SITE_VOLTS_LN:
        return g->volts[0];
    case SITE_VOLTS_EACH:
        return g->volts[k];
    case SITE_VOLTS_NONE:
    case SITE_VOLTS_SEQUENCES: /* grid_set_sequences */
        return 0;
    }
    return 0;
}

static double phase_degrees(const struct site_grid *g, enum waveform_wiring wiring,
                            int k)
{
    static const double three[3] = { 0, -120, 120 }, legs[3] = { 0, 180, 0 };

    if (g->has_degrees)
        return g->degrees[k];
    if (has_two_legs(wiring))
        return legs[k];
    return g->acb ? -three[k] : three[k];
}

static void set_by_wiring(const struct site_grid *g, enum waveform_wiring wiring,
                          struct waveform_grid *grid)
{
    for (int k = 0; k < 3; k++) {
        grid->volts[k] = phase_volts(g, wiring, k);
        grid->degrees[k] = phase_degrees(g, wiring, k);
    }
}

static void set_voltages(const struct site_grid *g, enum waveform_wiring wiring,
                         struct waveform_grid *grid)
{
    static const double zero[3] = { 0, 0, 0 };

    if (g->how == SITE_VOLTS_SEQUENCES)
        grid_set_sequences(grid, g->volts, g->has_degrees ? g->degrees : zero);
    else if (g->has_kind)
        grid_set_kind(grid, g->kind,
                      g->how == SITE_VOLTS_LN   ? g->volts[0] * SQRT3
                      : g->how == SITE_VOLTS_LL ? g->volts[0]
                                                : 0);
    else
        set_by_wiring(g, wiring, grid);
    for (int k = 0; k < 3; k++)
        if (!is_wired(wiring, k))
            grid->volts[k] = 0;
}

static int apply_disturbance(struct site_meter *m, int line)
{
    struct site_grid *g = &m->grid;

    if (g->sets_disturbance && unit_set_disturbance(m->unit, &g->disturbance) != 0)
        return SITE_ERROR_DISTURBANCE;
    for (int k = 0; k < 3 && g->sets_loss; k++)
        if ((m->unit->faults->value[FAULT_PHASE_LOSS][k] != 0) != g->lost[k])
            site_fault_begin(m, FAULT_PHASE_LOSS, 1u << k, g->lost[k], line);
    g->sets_loss = false;
    return 0;
}

int site_grid_apply(struct site_meter *m, int line)
{
    struct waveform_grid grid = unit_grid(m->unit), was = grid;

    set_voltages(&m->grid, site_feeder_head(m)->unit->sensors.wiring, &grid);
    for (int k = 0; k < 3; k++) {
        grid.harmonics[k] = m->grid.harmonics[k];
        grid.lost[k] = was.lost[k];
    }
    grid.hz = m->grid.sets_hz ? m->grid.hz : was.hz;
    m->grid.sets_hz = false;
    unit_set_grid(m->unit, &grid);
    return apply_disturbance(m, line);
}

static void store_harmonics(struct store *st, struct waveform_harmonics harmonics[3])
{
    for (int k = 0; k < 3; k++)
        waveform_store_harmonics(st, &harmonics[k]);
}

void site_grid_store(struct store *st, struct site_grid *g)
{
    store_reals(st, &g->hz, 1, 0, WAVEFORM_HZ_MAX);
    store_flag(st, &g->sets_hz);
    if (st->loading && g->sets_hz && g->hz < WAVEFORM_HZ_MIN)
        st->failed = true;
    STORE_ENUM(st, g->how, SITE_VOLTS_SEQUENCES);
    STORE_REALS(st, g->volts, STORE_SIZE_MAX);
    store_flag(st, &g->has_degrees);
    store_flag(st, &g->acb);
    store_flag(st, &g->has_kind);
    STORE_ENUM(st, g->kind, GRID_SPLIT);
    STORE_REALS(st, g->degrees, STORE_SIZE_MAX);
    store_harmonics(st, g->harmonics);
    store_flag(st, &g->sets_disturbance);
    store_flag(st, &g->sets_loss);
    for (int k = 0; k < 3; k++)
        store_flag(st, &g->lost[k]);
    waveform_store_disturbance(st, &g->disturbance);
}
