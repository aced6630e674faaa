/* The core's readings of a hypothesis. See proof.h. */
#include "sim/diagnose/proof.h"
#include "sim/site/site_fault.h"
#include "waveform/load_kind.h"
#include <math.h>
#include <string.h>

#define DEGREES (180 / G_PI)

/* A change between two results needs one that spans it and one that does not. */
static const int64_t step_ns = 2000000000, first_ns = 2050000000;

/* Readings below this share of full scale are compared by it, as classes do. */
#define SMALL    0.01
#define NO_VOLTS 0.001

/* Above this share of their rating currents may be clipped; there readings follow the
 * load less than in proportion. */
#define CLIPPING 1.1
#define STEEP    1.5
enum { RUNS = 3, RUNS_MIXED = 8, RUNS_SATURATED = 20 };

/* --- the worlds --- */

/* What CT errors leave of the sum is taken off the currents, by their sizes. */
static double close_currents(struct world *w)
{
    double complex sum = 0;
    double size = 0;

    for (int k = 0; k < 3; k++) {
        sum += w->amps[k];
        size += cabs(w->amps[k]);
    }
    for (int k = 0; k < 3 && size > 0; k++)
        w->amps[k] -= sum * cabs(w->amps[k]) / size;
    return size > 0 ? cabs(sum) / size : 0;
}

/* What the CTs make too much of currents that sum to zero, as the mean over the dumps;
 * not fitted beyond what CTs can have. */
static void fit_cts(struct proof *p, const struct evidence *e, const struct sight *s,
                    const double complex sum[3])
{
    const double hz = e->o->dump[0].hz > 0 ? e->o->dump[0].hz : 60;

    p->cts_fitted = p->closed > 0 && !e->o->model->unidirectional;
    for (int k = 0; k < 3; k++) {
        if (s->from[k] == SIGHT_NONE)
            continue;
        const double complex mean = sum[s->from[k]] / e->o->count;
        p->ct_percent[k] = 100 * (cabs(mean) - 1);
        p->ct_minutes[k] = 60 * DEGREES * carg(mean) * hz / 60;
        p->cts_fitted &= fabs(p->ct_percent[k]) <= PROOF_CT_PERCENT &&
                         fabs(p->ct_minutes[k]) <= PROOF_CT_MINUTES;
    }
}

static void make_worlds(struct proof *p, const struct evidence *e,
                        const struct sight *s)
{
    struct world *worlds = p->worlds = g_new(struct world, e->o->count);
    double complex sum[3] = { 0 };

    for (int n = 0; n < e->o->count; n++) {
        world_of(&worlds[n], e, s, n);
        if (e->o->type->element != ELEMENT_STAR || supply_has_neutral(&s->supply))
            continue;
        const struct world read = worlds[n];
        p->closed = fmax(p->closed, close_currents(&worlds[n]));
        for (int k = 0; k < 3; k++)
            sum[k] +=
                cabs(worlds[n].amps[k]) > 0 ? read.amps[k] / worlds[n].amps[k] : 1;
    }
    fit_cts(p, e, s, sum);
}

/* --- the meter --- */

static struct unit *new_unit(const struct observation *o, struct proof *p,
                             const struct supply *supply)
{
    const struct unit_options options = {
        .model = o->model,
        .wiring =
            supply_has_neutral(supply) ? WAVEFORM_WYE : unit_wiring_of(o->type->number),
        .ct_primary_a = o->ct_primary,
        .ct_output_v = 1.0 / o->ct_secondary,
        .pt_ratio = o->pt_ratio,
        .serial_number = 1,
        .seed = 1,
    };
    struct unit_factory factory = { .given = { false } };
    static const enum setting settings[] = { SETTING_SYSTEM_TYPE, SETTING_CT_PRIMARY,
                                             SETTING_PT_RATIO, SETTING_SYSTEM_VOLTAGE,
                                             SETTING_CT_SECONDARY };
    const double value[] = { o->type->number, o->ct_primary, o->pt_ratio * 100,
                             o->nominal_v, o->ct_secondary };
    struct unit *u = unit_new(&options, 0);

    for (size_t n = 0; n < G_N_ELEMENTS(settings); n++) {
        factory.given[settings[n]] =
            settings[n] != SETTING_CT_SECONDARY || !o->model->unidirectional;
        factory.value[settings[n]] = (uint16_t)lround(value[n]);
    }
    const int refused = unit_program(u, &factory);
    if (refused != UNIT_PROGRAMMED)
        p->refused = setting_table[refused].name;
    unit_power(u, true);
    return u;
}

/* Loads between the lines that hold a conductor which floats. */
static void hold(struct site_meter *m, const struct supply *supply,
                 const struct observation *o)
{
    struct waveform_load_spec hold = load_defaults(WAVEFORM_LOAD_RESISTOR);

    supply_holds(supply, o, hold.amps_each);
    hold.connection = WAVEFORM_CONNECT_DELTA;
    if (o->type->number == SYSTEM_TYPE_NUMBER_12) {
        hold.connection = WAVEFORM_CONNECT_AB;
        hold.amps = fmax(hold.amps_each[0], fmax(hold.amps_each[1], hold.amps_each[2]));
        memset(hold.amps_each, 0, sizeof hold.amps_each);
    }
    waveform_clear_loads(m->unit->world);
    waveform_add_load(m->unit->world, &hold);
}

/* What a lost conductor carries. */
static void set_loss(struct site_meter *m, const struct supply *supply)
{
    struct waveform_disturbance *d = &m->grid.disturbance;
    const int k = supply->phase;

    if (!supply_loses(supply))
        return;
    m->grid.sets_disturbance = true;
    d->loss[k] = supply->kind == SUPPLY_BACKFED ? WAVEFORM_LOSS_BACKFED
                 : supply->kind == SUPPLY_MOTOR ? WAVEFORM_LOSS_MOTOR
                                                : WAVEFORM_LOSS_FLOATING;
    d->motor_share[k] = supply->share;
}

static void set_grid(struct site_meter *m, const struct world *w, double hz,
                     const struct supply *supply)
{
    double complex source[3];

    world_source(w, supply, source);
    m->grid.how = SITE_VOLTS_EACH;
    m->grid.has_degrees = m->grid.sets_hz = true;
    m->grid.hz = hz >= WAVEFORM_HZ_MIN && hz <= WAVEFORM_HZ_MAX ? hz : 60;
    for (int k = 0; k < 3; k++) {
        m->grid.volts[k] = cabs(source[k]);
        m->grid.degrees[k] = cabs(source[k]) > 0 ? carg(source[k]) * DEGREES : 0;
    }
    set_loss(m, supply);
    site_grid_apply(m, 0);
}

static bool set_currents(struct site_meter *m, const struct world *w,
                         const struct observation *o)
{
    struct site_load load = { .given = true, .phases = 7 };
    struct site_load_sum sum;

    for (int k = 0; k < observation_phases(o); k++) {
        load.amps[k] = cabs(w->amps[k]);
        site_load_set_lag(&load, k, world_lag_deg(w, o, k));
        if (w->fifth_percent[k] > 0) {
            load.harmonics[k].count = 1;
            load.harmonics[k].item[0] =
                (struct waveform_harmonic){ 5, w->fifth_percent[k], 0 };
        }
    }
    return site_load_apply(&load, m, &sum) == 0;
}

/* Loads that follow the voltage, as they do where the neutral floats between them. */
static bool set_impedances(struct site_meter *m, const struct world *w,
                           const struct observation *o)
{
    bool good = true;

    waveform_clear_loads(m->unit->world);
    for (int k = 0; k < observation_phases(o); k++) {
        struct waveform_load_spec z = load_defaults(WAVEFORM_LOAD_IMPEDANCE);
        const double lag = world_lag_deg(w, o, k) / DEGREES;
        z.connection = WAVEFORM_CONNECT_WYE;
        z.phases = 1u << k;
        z.amps = cabs(w->amps[k]);
        z.volts = cabs(w->volts[k]);
        z.pf = cos(lag);
        z.leads = lag < 0;
        if (z.amps > 0)
            good = waveform_add_load(m->unit->world, &z) == 0 && good;
    }
    return good;
}

static bool set_load(struct site_meter *m, const struct world *w,
                     const struct observation *o, const struct supply *supply)
{
    if (supply->kind == SUPPLY_FLOATING)
        hold(m, supply, o);
    return supply->kind == SUPPLY_NEUTRAL_LOST ? set_impedances(m, w, o)
                                               : set_currents(m, w, o);
}

/* --- the comparison --- */

static void differ(double *most, double read, double given, double scale)
{
    if (!isnan(given) && !(fabs(read - given) / scale <= *most))
        *most = fabs(read - given) / scale;
}

static double reading(const struct site_meter *m, enum quantity first, int k)
{
    return site_reading(m, (enum quantity)(first + k));
}

bool proof_tells_no_angle(const struct observation *o, const struct observation_dump *d,
                          int k)
{
    const double volts = placement_element_volts(o, d, k), va = hypot(d->p[k], d->q[k]);

    return volts <= NO_VOLTS * observation_nominal_ln(o) && va > 0 &&
           va <= 1.05 * volts * d->i[k];
}

static void compare(struct proof *p, const struct site_meter *m,
                    const struct observation *o, const struct observation_dump *d)
{
    const double volts = SMALL * o->nominal_v, amps = SMALL * o->ct_primary;

    for (int k = 0; k < 3; k++) {
        differ(&p->volts, reading(m, Q_V_AN, k), d->v[k], fmax(d->v[k], volts));
        differ(&p->volts, reading(m, Q_V_AB, k), d->vll[k], fmax(d->vll[k], volts));
    }
    for (int k = 0; k < observation_phases(o); k++) {
        const double va = fmax(hypot(d->p[k], d->q[k]), volts * amps);
        differ(&p->amps, reading(m, Q_I_A, k), d->i[k], fmax(d->i[k], amps));
        if (proof_tells_no_angle(o, d, k))
            continue;
        differ(&p->power, 1000 * reading(m, Q_KW_A, k), d->p[k], va);
        const double q = 1000 * reading(m, Q_KVAR_A, k);
        differ(&p->power, d->q_size_only[k] ? fabs(q) : q, d->q[k], va);
    }
}

static void set_faults(struct site_meter *m, const struct hypothesis *h)
{
    for (int c = 0; c < 2 && h->cause[c]; c++)
        for (int n = 0; n < h->cause[c]->faults; n++) {
            const struct cause_fault *f = &h->cause[c]->fault[n];
            site_fault_begin(m, f->id, 1u << f->phase, f->value, 0);
        }
    const struct supply *supply = hypothesis_supply(h);
    if (supply_fault(supply->kind) != FAULTS)
        site_fault_begin(m, supply_fault(supply->kind), 1u << supply->phase,
                         supply_fault_value(supply), 0);
}

/* On top of none: a hypothesis with an angle of its own has it already. */
static void set_cts(const struct proof *p, struct site_meter *m,
                    const struct hypothesis *h)
{
    struct faults faults;

    hypothesis_faults(h, &faults);
    for (int k = 0; k < 3 && p->cts_fitted; k++) {
        if (faults.value[FAULT_CT_PHASE_ERROR][k] != 0)
            continue;
        site_fault_begin(m, FAULT_CT_RATIO_ERROR, 1u << k, p->ct_percent[k], 0);
        site_fault_begin(m, FAULT_CT_PHASE_ERROR, 1u << k, p->ct_minutes[k], 0);
    }
}

/* CTs that see each other's conductors, wires of which one is lost: the loads follow the
 * difference. */
static void follow_mixed(const struct proof *p, const struct site_meter *m,
                         const struct observation *o, const struct sight *s, int n)
{
    const struct observation_dump *d = &o->dump[n];

    for (int k = 0; k < observation_phases(o); k++) {
        const double complex given = d->p[k] - I * d->q[k],
                             read = 1000 * (reading(m, Q_KW_A, k) -
                                            I * reading(m, Q_KVAR_A, k));
        if (s->from[k] != SIGHT_NONE && cabs(read) > 0 && cabs(given) > 0)
            p->worlds[n].amps[s->from[k]] *= given / read;
    }
    if (o->type->element == ELEMENT_STAR && !supply_has_neutral(&s->supply))
        close_currents(&p->worlds[n]);
}

/* Clipping takes off what depends on harmonics: the loads follow the difference. */
static void follow(const struct proof *p, const struct site_meter *m,
                   const struct observation *o, const struct sight *s, int n)
{
    for (int k = 0; k < observation_phases(o); k++) {
        const double given = o->dump[n].i[k], read = reading(m, Q_I_A, k);
        if (s->from[k] != SIGHT_NONE && given > CLIPPING * o->ct_primary && read > 0)
            p->worlds[n].amps[s->from[k]] *= pow(given / read, STEEP);
    }
}

void proof_fit_dump(struct supply *supply, const struct observation *o,
                    const struct observation_dump *d)
{
    const double unit = observation_nominal_ln(o);
    const double v[3] = { d->v[0] / unit, d->v[1] / unit, d->v[2] / unit },
                 vll[3] = { d->vll[0] / unit, d->vll[1] / unit, d->vll[2] / unit };

    if (supply_loses(supply))
        supply_fit(supply, o->type, v, vll);
}

static void run_once(struct proof *p, const struct evidence *e,
                     const struct hypothesis *h)
{
    struct sim *sim = sim_new();
    struct site site;

    p->volts = p->amps = p->power = 0;
    site_init(&site, sim);
    struct supply supply = *hypothesis_supply(h);
    struct site_meter *m = site_add(&site, new_unit(e->o, p, &supply), "proof");
    sim_add_unit(sim, m->unit);
    set_faults(m, h);
    set_cts(p, m, h);
    for (int n = 0; n < e->o->count && !p->refused; n++) {
        const struct observation_dump *d = &e->o->dump[n];
        proof_fit_dump(&supply, e->o, d);
        set_grid(m, &p->worlds[n], d->hz, &supply);
        if (!set_load(m, &p->worlds[n], e->o, &supply))
            p->refused = "the load";
        sim_run(sim, first_ns + n * step_ns);
        compare(p, m, e->o, d);
        if (h->sight.mixed)
            follow_mixed(p, m, e->o, &h->sight, n);
        else
            follow(p, m, e->o, &h->sight, n);
    }
    site_clear(&site);
    sim_free(sim);
}

void proof_run(struct proof *p, const struct evidence *e, const struct hypothesis *h)
{
    *p = (struct proof){ .refused = NULL };
    make_worlds(p, e, &h->sight);
    const bool saturates = h->sight.supply.kind == SUPPLY_CT_SATURATES;
    const int runs = saturates ? RUNS_SATURATED : h->sight.mixed ? RUNS_MIXED : RUNS;
    for (int n = 0; n < runs && !p->refused && !p->reproduced; n++) {
        run_once(p, e, h);
        p->reproduced = !p->refused && p->volts <= PROOF_VOLTS &&
                        p->amps <= PROOF_AMPS && p->power <= PROOF_POWER;
    }
}

void proof_clear(struct proof *p)
{
    g_free(p->worlds);
}
