/* Readings by their quantities. See dump_table.h. What is missing is taken from what is
 * there: the wiring from the phases, nominal from the voltages, P from PF, the size of Q
 * from S and P; the sign of such a Q is not known. */
#include "sim/diagnose/dump_table.h"
#include "sim/program/error.h"
#include <math.h>

/* What the meter's inputs are rated for, L-L. */
#define INPUT_VOLTS 600

void dump_table_start(struct dump_table *t)
{
    *t = (struct dump_table){ .type = 0 };
    for (int q = 0; q < QUANTITIES; q++)
        t->reading[q] = (double)NAN;
}

static bool given(const struct dump_table *t, enum quantity first, int k)
{
    return !isnan(t->reading[first + k]);
}

static int phases_with(const struct dump_table *t, enum quantity first)
{
    int count = 0;

    while (count < 3 && given(t, first, count))
        count++;
    return count;
}

static int type_of(const struct dump_table *t)
{
    const int volts = phases_with(t, Q_V_AN), amps = phases_with(t, Q_I_A);

    if (t->type > 0) /* what no register holds is no type either */
        return t->type < UINT16_MAX ? (int)t->type : UINT16_MAX;
    if (volts == 0)
        return amps >= 2 ? SYSTEM_TYPE_NUMBER_31 : SYSTEM_TYPE_NUMBER_11;
    return amps == 3   ? SYSTEM_TYPE_NUMBER_40
           : amps == 2 ? SYSTEM_TYPE_NUMBER_12
                       : SYSTEM_TYPE_NUMBER_10;
}

/* The usual service voltage, L-N, that is nearest to the highest reading. */
static double usual_volts(double volts)
{
    static const double usual[] = { 120, 230, 277, 347, 63.5 };
    double best = volts;

    for (size_t n = 0; n < G_N_ELEMENTS(usual); n++)
        if (fabs(volts / usual[n] - 1) < 0.12 &&
            (best == volts || fabs(volts - usual[n]) < fabs(volts - best)))
            best = usual[n];
    return best;
}

static double greatest(const struct dump_table *t, enum quantity first)
{
    double most = 0;

    for (int k = 0; k < 3; k++)
        if (given(t, first, k))
            most = fmax(most, fabs(t->reading[first + k]));
    return most;
}

static void set_meter(struct observation *o, const struct dump_table *t)
{
    const double ln = greatest(t, Q_V_AN), ll = greatest(t, Q_V_AB);
    const double phase = usual_volts(ln > 0                           ? ln
                                     : o->type->element == ELEMENT_AB ? ll / 2
                                                                      : ll / sqrt(3));

    o->ct_primary =
        t->ct_primary > 0 ? t->ct_primary : fmax(1, ceil(1.5 * greatest(t, Q_I_A)));
    o->ct_secondary = 1;
    o->nominal_v = 1;
    o->nominal_v =
        round(t->nominal_v > 0 ? t->nominal_v : phase / observation_nominal_ln(o));
    o->pt_ratio = fmax(1, ceil(o->nominal_v / INPUT_VOLTS)); /* 134 asks for one */
}

/* W and var of phase k. */
static void set_power(struct observation_dump *d, const struct dump_table *t, int k,
                      double volts)
{
    const double va = volts * d->i[k], pf = t->reading[Q_PF_A + k];

    d->p[k] = 1000 * t->reading[Q_KW_A + k];
    d->q[k] = 1000 * t->reading[Q_KVAR_A + k];
    d->s[k] = given(t, Q_KVA_A, k) ? 1000 * t->reading[Q_KVA_A + k] : va;
    if (isnan(d->p[k]))
        d->p[k] = pf * va;
    if (!isnan(d->q[k]) || isnan(d->p[k]))
        return;
    d->q[k] = sqrt(fmax(0, d->s[k] * d->s[k] - d->p[k] * d->p[k]));
    d->q_size_only[k] = true;
}

static bool set_dump(struct observation *o, const struct dump_table *t, GError **error)
{
    struct observation_dump *d = &o->dump[o->count];

    *d = (struct observation_dump){ .time_s = t->time_s,
                                    .hz = t->reading[Q_FREQ],
                                    .has_angles = t->has_angles,
                                    .p_total = 1000 * t->reading[Q_KW_TOTAL] };
    for (int k = 0; k < 3; k++) {
        d->v[k] = t->reading[Q_V_AN + k];
        d->vll[k] = t->reading[Q_V_AB + k];
        d->i[k] = t->reading[Q_I_A + k];
        d->v_deg[k] = t->v_deg[k];
        set_power(d, t, k,
                  o->type->element == ELEMENT_LN ? d->v[k] : d->vll[0] / sqrt(3));
    }
    for (int k = 0; k < observation_phases(o); k++)
        if (isnan(d->i[k]) || (isnan(d->p[k]) && isnan(d->p_total)))
            return error_set(error,
                             "%s: phase %c needs its current and kW (or PF, or the kW "
                             "of all phases), or the wiring another type = …",
                             o->source, 'A' + k);
    o->count++;
    return true;
}

bool dump_table_add(struct observation *o, const char *name, const struct dump_table *t,
                    const struct model *model, GError **error)
{
    const int type = system_type_find((unsigned)type_of(t));

    if (t->readings == 0)
        return error_set(error,
                         "%s: no dump: expected CSV with the columns register,word, a "
                         "capture, what mbpoll prints, or lines of a name and a value",
                         name);
    if (type < 0)
        return error_set(error, "%s: type: 10, 11, 12, 31 or 40", name);
    if (o->count == OBSERVATION_DUMPS)
        return error_set(error, "%s: more than %d dumps of one site", name,
                         OBSERVATION_DUMPS);
    if (o->count > 0 && o->type != &system_type_table[type])
        return error_set(error, "%s: type %d, and %d before: not the same site", name,
                         system_type_table[type].number, o->type->number);
    g_strlcpy(o->source, name, sizeof o->source);
    o->model = model ? model : model_find("s4100");
    o->type = &system_type_table[type];
    set_meter(o, t);
    if (!(o->nominal_v >= 1))
        return error_set(error, "%s: no reading of a voltage", name);
    return set_dump(o, t, error);
}
