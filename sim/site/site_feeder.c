/* What flows through the head of a feeder. See site_feeder.h. */
#include "sim/site/site_feeder.h"
#include "waveform/base/turn.h"
#include "waveform/grid.h"
#include <math.h>

#define TURN 18446744073709551616.0 /* 2^64 */

struct site_meter *site_feeder_head(struct site_meter *m)
{
    return m->head ? m->head : m;
}

bool site_feeder_shared(const struct site_meter *m)
{
    const struct site_meter *head = m->head ? m->head : m;

    for (guint k = 0; k < m->site->meters->len; k++) {
        struct site_meter *other = site_at(m->site, k);
        if (other != m && site_feeder_head(other) == head)
            return true;
    }
    return false;
}

/* A phasor of so many amperes at so many degrees. */
static void add_phasor(double amps, double degrees, double *re, double *im)
{
    double sine, cosine;

    turn_sin_cos(grid_signed_turns(degrees, 360).frac, &sine, &cosine);
    *re += amps * cosine;
    *im += amps * sine;
}

static double degrees_of(double re, double im)
{
    return (double)(int64_t)turn_from_vector(re, im).frac / TURN * 360;
}

/* The sum of one order in phase k: amperes and its angle against the voltage. */
static void sum_order(const struct waveform_load *const *loads, int count, int k,
                      double order, double *re, double *im)
{
    *re = *im = 0;
    for (int n = 0; n < count; n++) {
        const struct waveform_harmonics *h = &loads[n]->harmonics[k];
        for (int j = 0; j < h->count; j++)
            if (h->item[j].order == order)
                add_phasor(loads[n]->amps[k] * h->item[j].percent / 100,
                           h->item[j].degrees - order * loads[n]->lag_degrees[k], re,
                           im);
    }
}

static bool has_order(const struct waveform_harmonics *h, double order)
{
    for (int j = 0; j < h->count; j++)
        if (h->item[j].order == order)
            return true;
    return false;
}

/* Harmonics are against the fundamental of the sum, which lags by out->lag_degrees. */
static void sum_harmonics(const struct waveform_load *const *loads, int count, int k,
                          struct waveform_load *out)
{
    struct waveform_harmonics *sum = &out->harmonics[k];

    for (int n = 0; n < count; n++)
        for (int j = 0; j < loads[n]->harmonics[k].count; j++) {
            double order = loads[n]->harmonics[k].item[j].order, re, im;
            if (has_order(sum, order) || sum->count >= WAVEFORM_HARMONICS)
                continue;
            sum_order(loads, count, k, order, &re, &im);
            sum->item[sum->count++] = (struct waveform_harmonic){
                order, 100 * sqrt(re * re + im * im) / out->amps[k],
                degrees_of(re, im) + order * out->lag_degrees[k]
            };
        }
}

static void sum_phase(const struct waveform_load *const *loads, int count, int k,
                      struct waveform_load *out)
{
    double re = 0, im = 0;

    for (int n = 0; n < count; n++)
        add_phasor(loads[n]->amps[k], -loads[n]->lag_degrees[k], &re, &im);
    out->amps[k] = sqrt(re * re + im * im);
    if (out->amps[k] < 1e-9) { /* they feed one another */
        out->amps[k] = 0;
        return;
    }
    out->lag_degrees[k] = -degrees_of(re, im);
    sum_harmonics(loads, count, k, out);
}

/* What flows through the head: its own load and those of its submeters. */
static int sum_loads(struct site_meter *head, const struct waveform_load **loads)
{
    struct waveform_load out = { .ab = false };
    int count = 1;

    loads[0] = &head->load;
    for (guint k = 0; k < head->site->meters->len; k++) {
        struct site_meter *m = site_at(head->site, k);
        if (m->head != head)
            continue;
        if (m->load.ab != head->load.ab)
            return SITE_ERROR_MIXED_AB;
        loads[count++] = &m->load;
    }
    out.ab = head->load.ab;
    for (int k = 0; k < 3; k++)
        sum_phase(loads, count, k, &out);
    waveform_set_load(head->unit->world, &out);
    return 0;
}

int site_feeder_set_load(struct site_meter *m, const struct waveform_load *load)
{
    const bool shared = site_feeder_shared(m);

    m->load = *load;
    if (m->head || !shared)
        waveform_set_load(m->unit->world, load);
    if (!shared)
        return 0;
    const struct waveform_load **loads =
        g_new0(const struct waveform_load *, m->site->meters->len);
    int error = sum_loads(site_feeder_head(m), loads);
    g_free(loads);
    return error;
}

bool site_feeder_fits(const struct site_meter *head, enum waveform_wiring wiring)
{
    enum waveform_wiring whole = head->unit->sensors.wiring;

    return wiring == whole ||
           (wiring_table[wiring].neutral && wiring_table[whole].neutral &&
            !(wiring_table[wiring].conductors & ~wiring_table[whole].conductors));
}

void site_feeder_join(struct site_meter *m, struct site_meter *head)
{
    m->head = head;
    m->grid = head->grid;
    m->grid.sets_hz = m->grid.sets_disturbance = m->grid.sets_loss = true;
    for (int id = 0; id < FAULTS; id++)
        for (int k = 0; k < 3 && fault_table[id].family == FAULT_FAMILY_GRID; k++)
            if (head->unit->faults->value[id][k] != fault_table[id].neutral)
                unit_set_fault(m->unit, (enum fault_id)id,
                               fault_table[id].per_phase ? k : -1,
                               head->unit->faults->value[id][k]);
}
