/* Supplies by their phasors. See supply.h. */
#include "sim/diagnose/supply.h"
#include "sim/diagnose/prior.h"
#include <math.h>

#define DEGREES (180 / G_PI)

/* Voltages by which a motor that runs on holds a lost phase, shares of the others'. */
static const double motor_min = 0.15, motor_max = 0.97;

/* A neutral that is broken moves by up to this share of the phases' voltage. */
static const double shift_max = 0.6;

static const char letters[] = "ABC";

enum { WYE = 1, DELTA = 2, LEGS = 4, ANY = 8 };

/* By kind: the types of meters that read it otherwise, and the fault that it is. */
static const struct {
    unsigned types;
    enum fault_id fault;
} row[] = {
    [SUPPLY_SOUND] = { ANY, FAULTS },
    [SUPPLY_NEUTRAL_LOST] = { WYE | LEGS, FAULT_NEUTRAL_LOST },
    [SUPPLY_BACKFED] = { WYE | DELTA, FAULT_PHASE_LOSS },
    [SUPPLY_MOTOR] = { WYE | DELTA, FAULT_PHASE_LOSS },
    [SUPPLY_FLOATING] = { WYE | DELTA | LEGS, FAULT_PHASE_LOSS },
    [SUPPLY_HIGH_LEG] = { WYE, FAULTS },
    [SUPPLY_CORNER] = { WYE, FAULTS },
    [SUPPLY_SPLIT] = { WYE | DELTA, FAULTS },
    [SUPPLY_NETWORK] = { LEGS, FAULTS },
    [SUPPLY_NEUTRAL_CARRIES] = { DELTA, FAULTS },
    [SUPPLY_CENTRED] = { WYE | LEGS, FAULT_NEUTRAL_OPEN },
    [SUPPLY_NOMINAL] = { ANY, FAULTS },
    [SUPPLY_CT_SATURATES] = { ANY, FAULT_CT_SATURATION },
};

bool supply_concerns(enum supply_kind kind, const struct system_type_row *type)
{
    const unsigned is = type->number == SYSTEM_TYPE_NUMBER_40   ? WYE
                        : type->number == SYSTEM_TYPE_NUMBER_31 ? DELTA
                        : type->number == SYSTEM_TYPE_NUMBER_12 ? LEGS
                                                                : 0;

    return row[kind].types & (is | ANY);
}

bool supply_loses(const struct supply *s)
{
    return row[s->kind].fault == FAULT_PHASE_LOSS;
}

bool supply_has_neutral(const struct supply *s)
{
    return s->kind == SUPPLY_NEUTRAL_CARRIES || s->kind == SUPPLY_SPLIT;
}

enum fault_id supply_fault(enum supply_kind kind)
{
    return row[kind].fault;
}

double supply_fault_value(const struct supply *s)
{
    return s->kind == SUPPLY_CT_SATURATES ? s->share : 1;
}

void supply_shape(const struct supply *s, double complex base[3],
                  double complex held[3])
{
    const double complex own = base[s->phase];

    for (int k = 0; k < 3; k++) {
        held[k] = 0;
        if (s->kind == SUPPLY_NEUTRAL_LOST && cabs(base[k]) > 0)
            base[k] -= s->shift;
        else if (s->kind == SUPPLY_HIGH_LEG)
            base[k] += own / 2;
        else if (s->kind == SUPPLY_CORNER)
            base[k] -= own;
        else if (s->kind == SUPPLY_SPLIT)
            base[k] = k == 0 ? 1 : k == 1 ? -1 : 0;
        else if (s->kind == SUPPLY_NETWORK)
            base[k] = k == 0 ? 1 : k == 1 ? cexp(-I * 120 / DEGREES) : 0;
    }
    if (s->kind == SUPPLY_BACKFED)
        held[s->phase] = -own / 2;
    else if (s->kind == SUPPLY_MOTOR)
        held[s->phase] = s->share * own;
    else if (s->kind == SUPPLY_FLOATING)
        held[s->phase] = s->share * base[(s->phase + 1) % 3] +
                         (1 - s->share) * base[(s->phase + 2) % 3];
}

/* --- fits --- */

/* Corners of the triangle of line voltages, its middle at 0. */
static bool place_corners(double complex corner[3], const double vll[3])
{
    const double ab = vll[0], bc = vll[1], ca = vll[2];
    const double cosine = (ab * ab + ca * ca - bc * bc) / (2 * ab * ca);

    if (!(ab > 0.1 && ca > 0.1 && bc > 0.1 && fabs(cosine) < 1))
        return false;
    corner[0] = 0;
    corner[1] = ab * cexp(-I * 150 / DEGREES);
    corner[2] = ca * cexp(-I * (150 / DEGREES + acos(cosine)));
    const double complex middle = (corner[1] + corner[2]) / 3;
    for (int k = 0; k < 3; k++)
        corner[k] -= middle;
    return true;
}

/* N by its distances from the corners: differences of their squares are linear. */
static bool place_neutral(double complex *n, const double complex corner[3],
                          const double v[3])
{
    double a[2][2], b[2];

    for (int m = 0; m < 2; m++) {
        const int k = m + 1;
        const double complex side = corner[k] - corner[0];
        a[m][0] = 2 * creal(side);
        a[m][1] = 2 * cimag(side);
        b[m] = v[0] * v[0] - v[k] * v[k] + cabs(corner[k]) * cabs(corner[k]) -
               cabs(corner[0]) * cabs(corner[0]);
    }
    const double whole = a[0][0] * a[1][1] - a[0][1] * a[1][0];
    if (!(fabs(whole) > 1e-3))
        return false;
    *n = (b[0] * a[1][1] - b[1] * a[0][1] + I * (a[0][0] * b[1] - a[1][0] * b[0])) /
         whole;
    return true;
}

/* Where N lies, in shares of the phases' voltage; of two legs on the line between them. */
static bool find_shift(double complex *shift, const struct system_type_row *type,
                       const double v[3], const double vll[3])
{
    double complex corner[3];

    if (type->number == SYSTEM_TYPE_NUMBER_12) {
        *shift = (v[1] - v[0]) / (v[0] + v[1]);
        return v[0] + v[1] > 0.1;
    }
    if (!place_corners(corner, vll) || !place_neutral(shift, corner, v))
        return false;
    *shift /= (vll[0] + vll[1] + vll[2]) / 3 / sqrt(3);
    return cabs(*shift) < 2;
}

/* The share of what is possible that fits the readings, in so many dimensions. */
static double log_narrow(double sd, double range, int dimensions)
{
    return dimensions * log(sd * sqrt(2 * G_PI) / range);
}

static bool fit_neutral(struct supply *s, const struct system_type_row *type,
                        const double v[3], const double vll[3])
{
    const int dimensions = type->number == SYSTEM_TYPE_NUMBER_12 ? 1 : 2;

    if (!find_shift(&s->shift, type, v, vll) || cabs(s->shift) > shift_max)
        return false;
    s->log_fit = log_narrow(PRIOR_VOLTS_SD, 2 * shift_max, dimensions);
    return true;
}

/* N is in the middle far more closely than unbalance leaves it. */
static bool fit_middle(struct supply *s, const struct system_type_row *type,
                       const double v[3], const double vll[3])
{
    const int dimensions = type->number == SYSTEM_TYPE_NUMBER_12 ? 1 : 2;
    const double sound = PRIOR_VOLTS_SD / sqrt(dimensions + 1),
                 meter = 1.5 * PRIOR_METER_SD;
    double complex shift;

    if (!find_shift(&shift, type, v, vll))
        return false;
    const double x = cabs(shift);
    s->log_fit = dimensions * log(sound / meter) - x * x / (2 * meter * meter) +
                 x * x / (2 * sound * sound);
    return s->log_fit > 0;
}

/* The phase by its voltage against the others', to N or between lines. */
static bool fit_motor(struct supply *s, const struct system_type_row *type,
                      const double v[3], const double vll[3])
{
    const int k = s->phase, l = (k + 1) % 3, m = (k + 2) % 3;

    if (type->element == ELEMENT_LN) { /* of what the other two sum to */
        const double square = 2 * v[l] * v[l] + 2 * v[m] * v[m] - vll[l] * vll[l];
        s->share = v[k] / (square > 0 ? sqrt(square) : (v[l] + v[m]) / 2);
    } else { /* |share·a − b|² = share² + share + 1 */
        const double side = (vll[k] + vll[m]) / 2 / (vll[l] / sqrt(3));
        s->share = (sqrt(4 * side * side - 3) - 1) / 2;
    }
    s->log_fit = log_narrow(PRIOR_VOLTS_SD, motor_max - motor_min, 1);
    return s->share > motor_min && s->share < motor_max;
}

/* On the line between the other two; of two legs at the other one. */
static bool fit_floating(struct supply *s, const struct system_type_row *type,
                         const double vll[3])
{
    const int k = s->phase, l = (k + 1) % 3, m = (k + 2) % 3;

    s->log_fit = 0;
    if (type->number == SYSTEM_TYPE_NUMBER_12) {
        s->share = k == 0;
        return true;
    }
    s->share = vll[m] / (vll[k] + vll[m]); /* vll[k]: from k to l */
    s->log_fit = log_narrow(PRIOR_VOLTS_SD, 1, 1);
    return fabs(vll[k] + vll[m] - vll[l]) < 0.1 * vll[l];
}

bool supply_fit(struct supply *s, const struct system_type_row *type, const double v[3],
                const double vll[3])
{
    s->log_fit = 0;
    if (s->kind == SUPPLY_NEUTRAL_LOST)
        return fit_neutral(s, type, v, vll);
    if (s->kind == SUPPLY_CENTRED)
        return fit_middle(s, type, v, vll);
    if (s->kind == SUPPLY_FLOATING)
        return fit_floating(s, type, vll);
    return s->kind != SUPPLY_MOTOR || fit_motor(s, type, v, vll);
}

/* --- words of scenarios --- */

/* Loads that are too small to be read, and far above the meter's own inputs. */
static double holding_amps(const struct supply *s, const struct observation *o)
{
    return 0.002 * o->ct_primary / (s->share * (1 - s->share) + 0.1);
}

void supply_holds(const struct supply *s, const struct observation *o, double amps[3])
{
    const double ampere = holding_amps(s, o);

    amps[0] = amps[1] = amps[2] = 0;
    amps[s->phase] = ampere * s->share;
    amps[(s->phase + 2) % 3] = ampere * (1 - s->share);
}

static void lost_lua(const struct supply *s, const struct observation *o, GString *to)
{
    const char k = letters[s->phase];
    double amps[3];

    if (s->kind == SUPPLY_BACKFED) {
        g_string_append_printf(to, "grid(m, { loss = { %c = \"backfed\" } })", k);
        return;
    }
    if (s->kind == SUPPLY_MOTOR) {
        g_string_append_printf(
            to, "grid(m, { loss = { %c = \"motor\" }, backfed = %.4f })", k, s->share);
        return;
    }
    supply_holds(s, o, amps);
    if (o->type->number == SYSTEM_TYPE_NUMBER_12) {
        g_string_append_printf(to,
                               "grid(m, { loss = { %c = \"floating\" } }) add_load(m, "
                               "\"resistor\", { amps = %.4f, connection = \"ab\" })",
                               k, holding_amps(s, o));
        return;
    }
    g_string_append_printf(to,
                           "grid(m, { loss = { %c = \"floating\" } }) add_load(m, "
                           "\"resistor\", { amps = { %.4f, %.4f, %.4f }, connection = "
                           "\"delta\" })",
                           k, amps[0], amps[1], amps[2]);
}

/* Phasors of the supply at its nominal voltage. */
static void grid_lua(const struct supply *s, double nominal_v, GString *to)
{
    double complex base[3], held[3];
    double volts[3], degrees[3];

    for (int k = 0; k < 3; k++)
        base[k] = cexp(-I * (120 * k / DEGREES));
    supply_shape(s, base, held);
    for (int k = 0; k < 3; k++) {
        volts[k] = nominal_v / sqrt(3) * cabs(base[k]);
        degrees[k] = volts[k] > 0.1 ? carg(base[k]) * DEGREES : 0;
    }
    g_string_append_printf(to,
                           "grid(m, { volts = { %.1f, %.1f, %.1f }, degrees = { %.1f, "
                           "%.1f, %.1f } })",
                           volts[0], volts[1], volts[2], degrees[0], degrees[1],
                           degrees[2]);
}

void supply_lua(const struct supply *s, const struct observation *o, GString *to)
{
    if (supply_loses(s))
        lost_lua(s, o, to);
    else if (s->kind == SUPPLY_CT_SATURATES)
        g_string_append_printf(to, "fault(m, \"ct_saturation\", \"%c\", %.4f)",
                               letters[s->phase], s->share);
    else if (supply_fault(s->kind) != FAULTS)
        g_string_append_printf(to, "fault(m, \"%s\")",
                               fault_table[supply_fault(s->kind)].name);
    else if (s->kind == SUPPLY_SPLIT)
        g_string_append_printf(to, "grid(m, { volts_ll = %g, kind = \"split\" })",
                               o->nominal_v);
    else if (s->kind == SUPPLY_NETWORK)
        g_string_append(to, "grid(m, { degrees = { 0, -120, 0 } })");
    else if (s->kind == SUPPLY_NEUTRAL_CARRIES)
        g_string_append(to, "meter { system_type = 31, wiring = \"wye\" }");
    else if (s->kind == SUPPLY_NOMINAL)
        g_string_append_printf(to, "m:write(134, %g)", o->nominal_v);
    else
        grid_lua(s, o->nominal_v, to);
}
