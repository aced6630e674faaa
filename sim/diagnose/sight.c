/* The sensors' gains as phasors. See sight.h. */
#include "sim/diagnose/sight.h"
#include "hal_sim/sensors.h"
#include "hal_sim/sensors_view.h"
#include "hal_sim/unit.h"
#include <math.h>

#define DEGREES (180 / G_PI)
#define SAME    1e-3 /* shares below are rounding, or the anti-alias filter */
#define DARK    0.1  /* voltages of less are what unbalance leaves: of any angle */
#define HZ      60

struct view {
    double re[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS];
    double im[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS];
};

static void look(struct view *v, const struct observation *o,
                 enum waveform_wiring wiring, const struct faults *faults)
{
    struct sensors s = { .ct_primary_a = 1,
                         .ct_output_v = 1,
                         .pt_ratio = 1,
                         .wiring = wiring,
                         .rope = o->model->unidirectional };

    *v = (struct view){ { { 0 } }, { { 0 } } };
    sensors_prepare(&s, faults, HAL_CT_1V);
    sensors_view(&s, HZ, v->re, v->im);
}

/* Against what a healthy input without a star point sees of its own conductor. */
static double complex share(const struct view *v, const struct view *unit, int ch,
                            int from)
{
    const int own = ch < 3 ? 0 : 3;

    return (v->re[ch][from] + I * v->im[ch][from]) /
           (unit->re[own][own] + I * unit->im[own][own]);
}

static void set_base(struct sight *s, const struct observation *o)
{
    const double three[3] = { 0, -120, 120 };
    const int wired = o->type->number;

    for (int k = 0; k < 3; k++) {
        s->base[k] = cexp(I * three[k] / DEGREES);
        if (wired == SYSTEM_TYPE_NUMBER_11 || wired == SYSTEM_TYPE_NUMBER_12)
            s->base[k] = k == 0 ? 1 : k == 1 ? -1 : 0;
    }
    supply_shape(&s->supply, s->base, s->held);
}

/* `input`: as if all inputs had a neutral: where each of them is connected. */
struct matrix {
    double complex volt[3][3], input[3][3], current[3][3];
};

static void fill_matrix(struct matrix *m, const struct observation *o,
                        const struct faults *faults)
{
    struct faults none, linear = *faults;
    struct view unit, wired, input;

    for (int k = 0; k < 3; k++) /* no matter of gains */
        linear.value[FAULT_CT_SATURATION][k] = 0;
    fault_clear_all(&none);
    look(&unit, o, WAVEFORM_WYE, &none);
    look(&input, o, WAVEFORM_WYE, &linear);
    look(&wired, o, unit_wiring_of(o->type->number), &linear);
    for (int ch = 0; ch < 3; ch++)
        for (int from = 0; from < 3; from++) {
            m->volt[ch][from] = share(&wired, &unit, ch, from);
            m->input[ch][from] = share(&input, &unit, ch, from);
            m->current[ch][from] = share(&wired, &unit, ch + 3, from + 3);
        }
}

/* The one conductor of a row; NONE: no, or more than one. */
static int one_of(double complex row[3], double complex *gain)
{
    int found = SIGHT_NONE;

    for (int k = 0; k < 3; k++) {
        if (cabs(row[k]) < SAME)
            continue;
        if (found != SIGHT_NONE)
            return SIGHT_NONE;
        found = k;
        *gain = row[k];
    }
    return found;
}

static void see_voltages(struct sight *s, struct matrix *m)
{
    for (int k = 0; k < 3; k++) {
        s->channel[k] = s->v_sum[k] = s->vll_sum[k] = 0;
        for (int from = 0; from < 3; from++) {
            const double complex u = s->lost[from] ? s->held[from] : s->base[from];
            const double complex between =
                m->volt[k][from] - m->volt[(k + 1) % 3][from];
            s->channel[k] += m->volt[k][from] * u;
            s->v_sum[k] += cabs(m->volt[k][from] * u);
            s->vll_sum[k] += cabs(between * u);
        }
        for (int from = 0; from < 3; from++)
            s->input[k][from] = m->input[k][from];
        s->volt_from[k] = one_of(m->input[k], &s->volt_gain[k]);
        if (s->volt_from[k] == SIGHT_NONE || !s->lost[s->volt_from[k]])
            continue;
        if (s->supply.kind == SUPPLY_MOTOR)
            s->volt_gain[k] *= s->supply.share;
        else
            s->volt_from[k] = SIGHT_NONE;
    }
    for (int k = 0; k < 3; k++) {
        s->v[k] = cabs(s->channel[k]);
        s->vll[k] = cabs(s->channel[k] - s->channel[(k + 1) % 3]);
    }
}

static void see_elements(struct sight *s, const struct observation *o)
{
    const double complex star = (s->channel[0] + s->channel[1] + s->channel[2]) / 3;

    for (int k = 0; k < 3; k++)
        switch ((enum system_element)o->type->element) {
        case ELEMENT_LN:
            s->element[k] = s->channel[k];
            break;
        case ELEMENT_AB:
            s->element[k] = s->channel[0] - s->channel[1];
            break;
        case ELEMENT_STAR:
            s->element[k] = s->channel[k] - star;
            break;
        }
}

bool sight_angle(const struct sight *s, int k)
{
    return s->from[k] != SIGHT_NONE && cabs(s->element[k]) > DARK;
}

/* The voltage that drives the load of a conductor: of three wires of which one is lost,
 * what is between the other two. */
static double complex drive(struct sight *s, const struct observation *o, int k)
{
    const int next = (k + 1) % 3, before = (k + 2) % 3;

    if (o->type->element != ELEMENT_STAR || s->lost[next] == s->lost[before])
        return s->base[k];
    s->mixed = true;
    return s->base[k] - s->base[s->lost[next] ? before : next];
}

/* The conductor of which a row takes in most; its gain where the others carry the same
 * load as it does. */
static int most_of(struct sight *s, const double complex row[3], double complex *gain)
{
    int most = 0;

    for (int k = 1; k < 3; k++)
        if (cabs(row[k]) > cabs(row[most]))
            most = k;
    *gain = row[most];
    for (int k = 0; k < 3; k++)
        if (k != most && cabs(row[k]) >= SAME && cabs(s->base[most]) > DARK) {
            *gain += row[k] * s->base[k] / s->base[most];
            s->mixed = true;
        }
    return cabs(row[most]) < SAME ? SIGHT_NONE : most;
}

static void see_currents(struct sight *s, const struct observation *o, struct matrix *m)
{
    for (int k = 0; k < 3; k++) {
        s->from[k] = most_of(s, m->current[k], &s->gain[k]);
        if (s->from[k] != SIGHT_NONE && s->lost[s->from[k]])
            s->from[k] = SIGHT_NONE;
        if (s->supply.kind == SUPPLY_CT_SATURATES && s->supply.phase == k) {
            s->gain[k] *= s->supply.shift;
            s->mixed = true; /* it changes with the load, as if there were others */
        }
        s->offset_deg[k] = 0;
        if (sight_angle(s, k))
            s->offset_deg[k] = DEGREES * carg(drive(s, o, s->from[k]) *
                                              conj(s->element[k]) * s->gain[k]);
    }
}

void sight_compute(struct sight *s, const struct observation *o,
                   const struct faults *faults, const struct supply *supply)
{
    struct matrix m;

    *s = (struct sight){ .supply = *supply };
    set_base(s, o);
    for (int k = 0; k < 3; k++)
        s->lost[k] = faults->value[FAULT_PHASE_LOSS][k] != 0;
    fill_matrix(&m, o, faults);
    see_voltages(s, &m);
    see_elements(s, o);
    see_currents(s, o, &m);
}

static bool near_to(double a, double b)
{
    return fabs(a - b) < 10 * SAME;
}

static bool same_angle(double a, double b, double circle)
{
    return fabs(remainder(a - b, circle)) < 1;
}

static double max_gain(const struct sight *s, int phases)
{
    double max = 0;

    for (int k = 0; k < phases; k++)
        if (s->from[k] != SIGHT_NONE)
            max = fmax(max, cabs(s->gain[k]));
    return max > 0 ? max : 1;
}

/* All angles but for `turn` on all. */
static bool same_angles(const struct sight *a, const struct sight *b, int phases,
                        double turn, double circle)
{
    for (int k = 0; k < phases; k++)
        if (sight_angle(a, k) &&
            !same_angle(a->offset_deg[k] + turn, b->offset_deg[k], circle))
            return false;
    return true;
}

/* These are told by more than the phasors: by the level, by sums. */
static bool same_supply(const struct supply *a, const struct supply *b)
{
    static const unsigned apart = 1u << SUPPLY_NEUTRAL_CARRIES | 1u << SUPPLY_CENTRED |
                                  1u << SUPPLY_NOMINAL | 1u << SUPPLY_NEUTRAL_LOST |
                                  1u << SUPPLY_CT_SATURATES;

    return a->kind == b->kind || !(apart & (1u << a->kind | 1u << b->kind));
}

bool sight_same(const struct sight *a, const struct sight *b, int phases,
                bool unidirectional)
{
    const double circle = unidirectional ? 180 : 360;

    if (!same_supply(&a->supply, &b->supply))
        return false;
    for (int k = 0; k < 3; k++)
        if (!near_to(a->v[k], b->v[k]) || !near_to(a->vll[k], b->vll[k]) ||
            !near_to(a->v_sum[k], b->v_sum[k]) ||
            !near_to(a->vll_sum[k], b->vll_sum[k]))
            return false;
    for (int k = 0; k < phases; k++)
        if ((a->from[k] == SIGHT_NONE) != (b->from[k] == SIGHT_NONE) ||
            sight_angle(a, k) != sight_angle(b, k) ||
            (a->from[k] != SIGHT_NONE &&
             !near_to(cabs(a->gain[k]) / max_gain(a, phases),
                      cabs(b->gain[k]) / max_gain(b, phases))))
            return false;
    return same_angles(a, b, phases, 0, circle) ||
           same_angles(a, b, phases, 180, circle);
}
