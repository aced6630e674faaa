/* Readings of a site from registers. See observation.h. */
#include "sim/diagnose/observation.h"
#include "core/config.h"
#include "sim/field/source.h"
#include "sim/program/error.h"
#include <math.h>

enum { TYPE_REGISTER = 130, KILO = 1000 };

int observation_phases(const struct observation *o)
{
    return __builtin_popcount(o->type->phases);
}

double observation_nominal_ln(const struct observation *o)
{
    switch ((enum system_nominal)o->type->nominal_ln) {
    case NOMINAL_WHOLE:
        return o->nominal_v;
    case NOMINAL_HALF:
        return o->nominal_v / 2;
    case NOMINAL_BY_ROOT3:
        break;
    }
    return o->type->element == ELEMENT_AB ? o->nominal_v / 2 : o->nominal_v / sqrt(3);
}

static double setting(const struct image *image, enum setting id)
{
    const int reg = setting_table[id].reg;

    return image->has[reg] ? image->word[reg] : setting_table[id].preset;
}

static bool set_meter(struct observation *o, const struct image *image, GError **error)
{
    const int type = system_type_find(image->word[TYPE_REGISTER]);

    if (!image->has[TYPE_REGISTER] || type < 0)
        return error_set(error,
                         "%s: register 130 (system type) is missing or holds no type: "
                         "what the readings mean is not known",
                         image->source);
    g_strlcpy(o->source, image->source, sizeof o->source);
    o->model = image->model;
    o->type = &system_type_table[type];
    o->nominal_v = setting(image, SETTING_SYSTEM_VOLTAGE);
    o->ct_primary = setting(image, SETTING_CT_PRIMARY);
    o->ct_secondary = (int)setting(image, SETTING_CT_SECONDARY);
    o->pt_ratio = setting(image, SETTING_PT_RATIO) / 100;
    if (o->ct_secondary != 3)
        o->ct_secondary = 1;
    if (o->nominal_v > 0 && o->ct_primary > 0 && o->pt_ratio > 0)
        return true;
    return error_set(error, "%s: register 131, 133 or 134 holds 0", image->source);
}

static void read_three(const struct image *image, enum quantity first, double unit,
                       double to[3])
{
    for (int k = 0; k < 3; k++)
        to[k] = unit * image_quantity(image, (enum quantity)(first + k));
}

bool observation_add(struct observation *o, const struct image *image, double time_s,
                     GError **error)
{
    if (o->count == 0 && !set_meter(o, image, error))
        return false;
    if (image->has[TYPE_REGISTER] && image->word[TYPE_REGISTER] != o->type->number)
        return error_set(error, "%s: system type %d, and %d before: not the same site",
                         image->source, image->word[TYPE_REGISTER], o->type->number);
    if (o->count == OBSERVATION_DUMPS)
        return error_set(error, "%s: more than %d dumps of one site", image->source,
                         OBSERVATION_DUMPS);
    struct observation_dump *d = &o->dump[o->count];
    *d = (struct observation_dump){ .time_s = time_s };
    read_three(image, Q_V_AN, 1, d->v);
    read_three(image, Q_V_AB, 1, d->vll);
    read_three(image, Q_I_A, 1, d->i);
    read_three(image, Q_KW_A, KILO, d->p);
    read_three(image, Q_KVAR_A, KILO, d->q);
    read_three(image, Q_KVA_A, KILO, d->s);
    d->p_total = KILO * image_quantity(image, Q_KW_TOTAL);
    d->hz = image_quantity(image, Q_FREQ);
    for (int k = 0; k < observation_phases(o); k++) {
        if (isnan(d->i[k])) /* without it: at least what makes its power */
            d->i[k] = hypot(d->p[k], d->q[k]) /
                      (o->type->element == ELEMENT_LN ? d->v[k] : d->vll[0]);
        if (isnan(d->i[k]))
            return error_set(error, "%s: no reading of current %c", image->source,
                             'A' + k);
    }
    o->count++;
    return true;
}
