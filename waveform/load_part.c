/* From a specification to parts. See load_part.h. */
#include "waveform/load_part.h"
#include "waveform/base/constants.h"
#include "waveform/grid.h"
#include <math.h>
#include <stdlib.h>

enum { PAIR_AN = 3 };

int load_part_pair(const struct load_part *p, int branch)
{
    if (p->connection == WAVEFORM_CONNECT_AB)
        return 0;
    return p->connection == WAVEFORM_CONNECT_DELTA ? branch : PAIR_AN + branch;
}

double load_part_law(const struct load_part *p, double v)
{
    if (p->law == LOAD_LAW_Z)
        return v;
    if (p->law == LOAD_LAW_I)
        return v < p->floor ? v / p->floor : 1;
    return v < p->floor ? v / (p->floor * p->floor) : 1 / v;
}

/* R and L in series, or R and C where the current leads. */
struct phasor load_part_admittance(const struct load_part *p, int branch, double order)
{
    const struct phasor one = { 1, 0 };
    struct phasor volts = { p->volts[branch], 0 };
    if (!(p->volts[branch] > 0) || phasor_square(p->current[branch]) == 0)
        return (struct phasor){ 0, 0 };
    struct phasor z = phasor_divide(volts, p->current[branch]);
    if (z.im > 0)
        z.im *= order;
    else if (z.im < 0 && order == 0)
        return (struct phasor){ 0, 0 };
    else if (z.im < 0)
        z.im /= order;
    return phasor_divide(one, z);
}

static double nominal_volts(const struct waveform_load_spec *s,
                            const struct waveform_grid *g, int branch)
{
    bool lines =
        s->connection == WAVEFORM_CONNECT_DELTA || s->connection == WAVEFORM_CONNECT_AB;
    int next =
        s->connection == WAVEFORM_CONNECT_AB ? 1 : (branch + 1) % WAVEFORM_PHASES;
    if (s->volts > 0)
        return s->volts;
    return lines ? grid_volts_between(g, branch, next) : g->volts[branch];
}

/* Which branches there are: selected, wired and with a nominal voltage. */
static unsigned branches(const struct waveform_load_spec *s, const double volts[])
{
    unsigned selected = s->phases ? s->phases : 7, there = 0;
    if (s->connection == WAVEFORM_CONNECT_AB)
        selected = 1;
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        if (selected >> k & 1 && volts[k] > 1e-6)
            there |= 1u << k;
    return there;
}

static double cos_of(double degrees)
{
    double sine, cosine;
    turn_sin_cos(turn_from_ratio(degrees, 360).frac, &sine, &cosine);
    return cosine;
}

static void six_pulses(const struct waveform_load_spec *s, struct shape *shape)
{
    shape_pulses(shape, 6, s->delay_degrees, (int)s->orders);
}

static void twelve_pulses(const struct waveform_load_spec *s, struct shape *shape)
{
    shape_pulses(shape, 12, s->delay_degrees, (int)s->orders);
}

static void rectifier(const struct waveform_load_spec *s, struct shape *shape)
{
    shape_rectifier(shape, s->width_degrees, (int)s->orders);
}

static void phase_fired(const struct waveform_load_spec *s, struct shape *shape)
{
    shape_phase_fired(shape, s->angle_degrees, (int)s->orders);
}

static void burst(const struct waveform_load_spec *s, struct shape *shape)
{
    shape_burst(shape, (int)s->on_cycles, (int)s->off_cycles, (int)s->orders);
}

static void half_wave(const struct waveform_load_spec *s, struct shape *shape)
{
    shape_half_wave(shape, (int)s->orders);
}

/* What a kind of load is made of: its law, how kilowatts become amps (by its power
 * factor, by the cosine of its firing angle, or as they are), the angle of its current,
 * its drive, and the wave of its current where that is no sine. */
static const struct kind_parts {
    enum load_law law;
    enum { SIZE_PLAIN, SIZE_PF, SIZE_DELAY } size;
    enum { ANGLE_ZERO, ANGLE_PF, ANGLE_EXPORT, ANGLE_QUARTER } angle;
    enum load_drive_kind drive;
    void (*shape)(const struct waveform_load_spec *s, struct shape *shape);
} KIND[WAVEFORM_LOAD_KINDS] = {
    [WAVEFORM_LOAD_RESISTOR] = { .law = LOAD_LAW_Z },
    [WAVEFORM_LOAD_IMPEDANCE] = { .law = LOAD_LAW_Z,
                                  .size = SIZE_PF,
                                  .angle = ANGLE_PF },
    [WAVEFORM_LOAD_CURRENT] = { .law = LOAD_LAW_I, .size = SIZE_PF, .angle = ANGLE_PF },
    [WAVEFORM_LOAD_POWER] = { .law = LOAD_LAW_P, .size = SIZE_PF, .angle = ANGLE_PF },
    [WAVEFORM_LOAD_MOTOR] = { .law = LOAD_LAW_P, .size = SIZE_PF, .angle = ANGLE_PF },
    [WAVEFORM_LOAD_DRIVE_6] = { .law = LOAD_LAW_P,
                                .size = SIZE_DELAY,
                                .shape = six_pulses },
    [WAVEFORM_LOAD_DRIVE_12] = { .law = LOAD_LAW_P,
                                 .size = SIZE_DELAY,
                                 .shape = twelve_pulses },
    [WAVEFORM_LOAD_RECTIFIER] = { .law = LOAD_LAW_P, .shape = rectifier },
    [WAVEFORM_LOAD_PHASE_FIRED] = { .law = LOAD_LAW_Z, .shape = phase_fired },
    [WAVEFORM_LOAD_BURST] = { .law = LOAD_LAW_Z, .shape = burst },
    [WAVEFORM_LOAD_HALF_WAVE] = { .law = LOAD_LAW_Z, .shape = half_wave },
    [WAVEFORM_LOAD_SOLAR] = { .law = LOAD_LAW_P,
                              .size = SIZE_PF,
                              .angle = ANGLE_EXPORT,
                              .drive = LOAD_DRIVE_SUN },
    [WAVEFORM_LOAD_VEHICLE] = { .law = LOAD_LAW_P,
                                .size = SIZE_PF,
                                .angle = ANGLE_PF,
                                .drive = LOAD_DRIVE_CHARGE },
    [WAVEFORM_LOAD_CAPACITOR] = { .law = LOAD_LAW_Z, .angle = ANGLE_QUARTER },
    [WAVEFORM_LOAD_PROFILE] = { .law = LOAD_LAW_P, .drive = LOAD_DRIVE_PROFILE },
};

/* The power factor that turns kilowatts into amps. For capacitors they are kvar. */
static double sizing_pf(const struct waveform_load_spec *s)
{
    switch (KIND[s->kind].size) {
    case SIZE_PF:
        return fabs(s->pf);
    case SIZE_DELAY:
        return fabs(cos_of(s->delay_degrees));
    case SIZE_PLAIN:
        break;
    }
    return 1;
}

static double branch_amps(const struct waveform_load_spec *s, double volts,
                          unsigned there, int k)
{
    int count = (int)(there & 1) + (int)(there >> 1 & 1) + (int)(there >> 2 & 1);
    if (!(there >> k & 1))
        return 0;
    if (s->kind == WAVEFORM_LOAD_PROFILE)
        return s->profile->kw ? 1000 / volts : 1;
    if (s->amps != 0)
        return s->amps;
    if (s->kw != 0)
        return sizing_pf(s) > 0.01 ? s->kw * 1000 / count / (volts * sizing_pf(s)) : 0;
    return s->amps_each[k];
}

/* 1 A at this power factor against a voltage of angle 0. */
static struct phasor at_pf(double pf, bool leads)
{
    double across = sqrt(pf * pf < 1 ? 1 - pf * pf : 0);
    return (struct phasor){ pf, leads ? across : -across };
}

static struct phasor unit_current(const struct waveform_load_spec *s)
{
    struct phasor at = at_pf(s->pf, s->leads != 0);
    switch (KIND[s->kind].angle) {
    case ANGLE_PF:
        return at;
    case ANGLE_EXPORT:
        return (struct phasor){ -at.re, -at.im };
    case ANGLE_QUARTER:
        return (struct phasor){ 0, 1 };
    case ANGLE_ZERO:
        break;
    }
    return (struct phasor){ 1, 0 };
}

static bool is_shaped(enum waveform_load_kind kind)
{
    return KIND[kind].shape != NULL;
}

static void allocate(struct shape *shape, int capacity)
{
    shape->line = calloc((size_t)capacity, sizeof *shape->line);
    if (!shape->line)
        abort();
    shape->capacity = capacity;
}

/* The lines of a branch that is not an impedance; its fundamental is its `current`. */
static void make_shape(const struct waveform_load_spec *s, struct load_part *p, int k)
{
    struct shape *shape = &p->shape[k], none = { 0 };
    double amps = p->current[k].re;
    if (phasor_square(p->current[k]) == 0)
        return;
    if (!is_shaped(s->kind)) {
        allocate(shape, 1);
        shape_add(shape, 1, p->current[k].re, p->current[k].im);
        return;
    }
    KIND[s->kind].shape(s, &none);
    allocate(shape, none.count);
    KIND[s->kind].shape(s, shape);
    for (int n = 0; n < shape->count; n++) {
        struct shape_line *line = &shape->line[n];
        line->re *= amps;
        line->im *= amps;
        if (line->order == 1)
            p->current[k] = (struct phasor){ line->re, line->im };
    }
}

static void set_drive(const struct waveform_load_spec *s, double now_s, int k,
                      struct load_drive *d)
{
    *d = (struct load_drive){ .kind = KIND[s->kind].drive,
                              .start_s = now_s + s->at_s,
                              .ramp_s = s->ramp_s,
                              .hold_s = s->hold_s,
                              .time_constant_s = s->time_constant_s,
                              .rise_s = s->rise_s,
                              .set_s = s->set_s,
                              .day_s = s->day_s,
                              .clock_s = s->clock_s,
                              .profile = s->profile,
                              .phase = k };
}

/* A star of other laws is the delta that draws the same at nominal voltage: the
 * currents of its branches sum to zero whatever the voltages are. */
static void star_to_delta(struct load_part *p)
{
    struct phasor y[WAVEFORM_PHASES], pair[NEUTRAL_PAIRS] = { { 0, 0 } };
    double volts = 0;
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        y[k] = load_part_admittance(p, k, 1);
        volts = p->volts[k] > volts ? p->volts[k] : volts;
    }
    neutral_add_star(pair, y);
    p->connection = WAVEFORM_CONNECT_DELTA;
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        p->volts[k] = SQRT3 * volts;
        p->current[k] =
            (struct phasor){ pair[k].re * p->volts[k], pair[k].im * p->volts[k] };
    }
}

static bool shares_star(const struct waveform_load_spec *s)
{
    return s->connection == WAVEFORM_CONNECT_STAR && !is_shaped(s->kind) &&
           s->kind != WAVEFORM_LOAD_PROFILE;
}

bool load_part_closes(const struct waveform_load_spec *s)
{
    if (s->connection == WAVEFORM_CONNECT_STAR)
        return shares_star(s);
    return s->connection != WAVEFORM_CONNECT_WYE;
}

/* A part of `unit` amps per amp of the load. Shapes come last: they use the currents.
 */
static void make_part(const struct waveform_load_spec *s, const struct load_part *base,
                      struct phasor unit, enum load_law law, struct load_part *p)
{
    *p = *base;
    p->law = law;
    p->linear = law == LOAD_LAW_Z && !is_shaped(s->kind);
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        p->current[k] = (struct phasor){ unit.re * base->current[k].re,
                                         unit.im * base->current[k].re };
    if (!p->linear && shares_star(s))
        star_to_delta(p);
    for (int k = 0; k < WAVEFORM_PHASES && !p->linear; k++)
        make_shape(s, p, k);
}

/* What comes on top: the motor's start less what it draws when it runs, as a locked
 * rotor draws it; the part of a profile that is across the voltage. */
static int make_second(const struct waveform_load_spec *s, const struct load_part *base,
                       struct load_part *p)
{
    if (s->kind == WAVEFORM_LOAD_MOTOR) {
        struct phasor start = at_pf(s->start_pf, false), run = at_pf(s->pf, false);
        start.re = start.re * s->start_multiple - run.re;
        start.im = start.im * s->start_multiple - run.im;
        make_part(s, base, start, LOAD_LAW_Z, p);
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            p->drive[k].kind = LOAD_DRIVE_DECAY;
        return 1;
    }
    if (s->kind == WAVEFORM_LOAD_PROFILE) {
        make_part(s, base, (struct phasor){ 0, 1 }, base->law, p);
        for (int k = 0; k < WAVEFORM_PHASES; k++)
            p->drive[k].im = true;
        return 1;
    }
    return 0;
}

int load_part_make(const struct waveform_load_spec *spec,
                   const struct waveform_grid *grid, double now_s,
                   struct load_part part[LOAD_PARTS])
{
    struct load_part base = { .connection = spec->connection };
    double sum = 0;
    if (!load_valid(spec))
        return 0;
    base.law = KIND[spec->kind].law;
    if (spec->kind == WAVEFORM_LOAD_PROFILE && !spec->profile->kw)
        base.law = LOAD_LAW_I;
    base.floor = spec->floor_percent > 0 ? spec->floor_percent / 100 : LOAD_FLOOR_PLAIN;
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        base.volts[k] = nominal_volts(spec, grid, k);
        set_drive(spec, now_s, k, &base.drive[k]);
    }
    unsigned there = branches(spec, base.volts);
    for (int k = 0; k < WAVEFORM_PHASES; k++) {
        base.current[k].re = branch_amps(spec, base.volts[k], there, k);
        sum += fabs(base.current[k].re);
    }
    if (sum == 0)
        return 0;
    make_part(spec, &base, unit_current(spec), base.law, &part[0]);
    return 1 + make_second(spec, &base, &part[1]);
}

void load_part_free(struct load_part *part)
{
    for (int k = 0; k < WAVEFORM_PHASES; k++)
        free(part->shape[k].line);
    *part = (struct load_part){ 0 };
}
