/* Faults of the grid: what was asked for stays in the unit, the world gets it with the
 * faults in force put in. So a fault's end brings back exactly what was there, and a
 * new grid keeps the faults. */
#include "hal_sim/unit.h"
#include "waveform/shape.h"
#include <stdlib.h>

static double value(const struct unit *u, enum fault_id id, int k)
{
    return u->faults->value[id][k];
}

struct waveform_grid unit_grid(const struct unit *u)
{
    struct waveform_grid grid = waveform_grid(u->world);

    if (!u->asked)
        return grid;
    double hz = grid.hz - u->hz_shift; /* events may have moved it */
    grid = u->asked->grid;
    grid.hz = hz;
    return grid;
}

static struct waveform_disturbance disturbance_of(const struct unit *u)
{
    return u->asked ? u->asked->disturbance : *waveform_disturbance(u->world);
}

static bool is_shaped(const struct unit *u)
{
    static const enum fault_id shaping[] = {
        FAULT_VOLTAGE_SHIFT, FAULT_ANGLE_SHIFT, FAULT_FREQUENCY_SHIFT,
        FAULT_SEQUENCE,      FAULT_HARMONIC_3,  FAULT_HARMONIC_5,
        FAULT_NEUTRAL_LOST,  FAULT_FLICKER,     FAULT_NOTCHES,
    };

    for (unsigned n = 0; n < sizeof shaping / sizeof *shaping; n++)
        for (int k = 0; k < 3; k++)
            if (value(u, shaping[n], k) != fault_table[shaping[n]].neutral)
                return true;
    return false;
}

static void add_harmonic(struct waveform_harmonics *h, double order, double percent)
{
    if (percent > 0 && h->count < WAVEFORM_HARMONICS)
        h->item[h->count++] = (struct waveform_harmonic){ order, percent, 0 };
}

static void shape_phase(const struct unit *u, int k, struct waveform_grid *grid)
{
    grid->volts[k] *= 1 + value(u, FAULT_VOLTAGE_SHIFT, k) / 100;
    grid->degrees[k] += value(u, FAULT_ANGLE_SHIFT, k);
    add_harmonic(&grid->harmonics[k], 3, value(u, FAULT_HARMONIC_3, k));
    add_harmonic(&grid->harmonics[k], 5, value(u, FAULT_HARMONIC_5, k));
    grid->lost[k] = value(u, FAULT_PHASE_LOSS, k) != 0;
}

static void exchange_b_and_c(struct waveform_grid *grid)
{
    double volts = grid->volts[1], degrees = grid->degrees[1];
    struct waveform_harmonics harmonics = grid->harmonics[1];

    grid->volts[1] = grid->volts[2];
    grid->degrees[1] = grid->degrees[2];
    grid->harmonics[1] = grid->harmonics[2];
    grid->volts[2] = volts;
    grid->degrees[2] = degrees;
    grid->harmonics[2] = harmonics;
}

/* The greatest of the phases' values; by which shares the others are less. */
static double greatest(const struct unit *u, enum fault_id id,
                       double less[WAVEFORM_PHASES])
{
    double max = 0;

    for (int k = 0; k < WAVEFORM_PHASES; k++)
        max = value(u, id, k) > max ? value(u, id, k) : max;
    for (int k = 0; k < WAVEFORM_PHASES && max > 0; k++)
        less[k] = 1 - value(u, id, k) / max;
    return max;
}

static void shape_disturbance(const struct unit *u, struct waveform_disturbance *t)
{
    const double flicker = greatest(u, FAULT_FLICKER, t->flicker_less);
    const double notches = greatest(u, FAULT_NOTCHES, t->notch_less);

    if (value(u, FAULT_NEUTRAL_LOST, 0) != 0)
        t->neutral_open = true;
    if (flicker > 0) {
        t->flicker_percent = flicker;
        t->flicker_hz = 8.8;
        t->flicker_rectangular = false;
    }
    if (notches > 0) {
        t->notch_percent = notches;
        t->notch_width_degrees = 5;
        t->notch_delay_degrees = 30;
        t->notch_orders = 50;
    }
}

void unit_keep_asked(struct unit *u, bool shaped)
{
    if (shaped == (u->asked != NULL))
        return;
    free(u->asked);
    u->asked = shaped ? calloc(1, sizeof *u->asked) : NULL;
    if (shaped && !u->asked)
        abort();
}

static int put(struct unit *u, const struct waveform_grid *base,
               const struct waveform_disturbance *base_disturbance)
{
    struct waveform_grid grid = *base;
    struct waveform_disturbance disturbance = *base_disturbance;

    if (value(u, FAULT_SEQUENCE, 0) != 0)
        exchange_b_and_c(&grid);
    for (int k = 0; k < 3; k++)
        shape_phase(u, k, &grid);
    shape_disturbance(u, &disturbance);
    if (waveform_set_disturbance(u->world, &disturbance) != 0)
        return -1;
    unit_keep_asked(u, is_shaped(u));
    if (u->asked)
        *u->asked = (struct unit_asked){ *base, *base_disturbance };
    u->hz_shift = value(u, FAULT_FREQUENCY_SHIFT, 0);
    grid.hz += u->hz_shift;
    waveform_set_grid(u->world, &grid);
    return 0;
}

void unit_set_grid(struct unit *u, const struct waveform_grid *grid)
{
    struct waveform_disturbance disturbance = disturbance_of(u);
    put(u, grid, &disturbance);
}

int unit_set_disturbance(struct unit *u, const struct waveform_disturbance *disturbance)
{
    struct waveform_grid grid = unit_grid(u);
    return put(u, &grid, disturbance);
}

void unit_grid_faults(struct unit *u)
{
    struct waveform_grid grid = unit_grid(u);
    struct waveform_disturbance disturbance = disturbance_of(u);
    put(u, &grid, &disturbance);
}
