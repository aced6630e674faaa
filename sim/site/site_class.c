/* Limits of accuracy classes. See site_class.h. */
#include "sim/site/site_class.h"
#include <math.h>
#include <string.h>

static const struct site_class {
    const char *name;
    double percent;
    double lagging; /* × percent, at PF 0.5 */
    double min;     /* share of rated current below which limits are twice as wide */
} classes[] = {
    { "0.1", 0.1, 1.5, 0.05 },  { "0.1S", 0.1, 1.5, 0.05 }, { "0.2", 0.2, 1.5, 0.05 },
    { "0.2S", 0.2, 1.5, 0.05 }, { "0.5", 0.5, 1.2, 0.05 },  { "0.5S", 0.5, 1.2, 0.05 },
    { "1", 1, 1, 0.1 },         { "2", 2, 1, 0.1 },
};

enum { SHOWN = 6 };
static const double end_of_range = 0.01; /* of rated current */
static const double behind_s = 1.3;      /* energy is up to that late */
static const double hz_share = 0.02e-2;
static const double pf_step = 1e-4;

/* A quantity with what its limit depends on. */
struct judged {
    const struct site_class *class;
    enum quantity q;
    double read, truth;
    double current; /* share of rated, of the phase or the mean */
    double s;       /* kVA of the phase or of all */
    double pf;
};

const struct site_class *site_class_find(const char *name)
{
    for (size_t k = 0; k < G_N_ELEMENTS(classes); k++)
        if (!strcmp(classes[k].name, name))
            return &classes[k];
    return NULL;
}

const char *site_class_name(int k)
{
    return k < (int)G_N_ELEMENTS(classes) ? classes[k].name : NULL;
}

static int phase_of(enum quantity q)
{
    const int phase = quantity_table[q].phase;

    return phase <= PHASE_C ? phase : -1;
}

/* The truth's value of the same phase (-1: of all). */
static double sibling(const struct site_truth *t, int phase, enum quantity of_a,
                      enum quantity of_all)
{
    const int q = phase < 0 ? (int)of_all : (int)of_a + phase;

    return t->given[q] ? t->value[q] : (double)NAN;
}

/* The limit at small currents: twice as wide, and never smaller than at the end. */
static double by_current(const struct judged *j, double percent, double value)
{
    double share = j->current >= j->class->min ? 1 : 2;
    double end =
        j->current < end_of_range && j->current > 0 ? end_of_range / j->current : 1;
    return percent / 100 * share * end * fabs(value);
}

static double limit_active(const struct judged *j)
{
    double wide = fabs(j->pf) >= 0.99 ? 1 : j->class->lagging;
    return by_current(j, j->class->percent * wide, MAX(fabs(j->truth), j->s / 2));
}

static double limit_reactive(const struct judged *j)
{
    double percent = MAX(j->class->percent, 0.5);

    if (fabs(j->truth) >= j->s / 2)
        return by_current(j, percent, j->truth);
    return by_current(j, 2 * percent, MAX(fabs(j->truth), j->s / 4));
}

static double limit_pf(const struct judged *j)
{
    double wide = 1 + j->class->lagging;
    return by_current(j, j->class->percent * wide, MAX(fabs(j->truth), 0.5)) + pf_step;
}

static double limit_of(const struct judged *j)
{
    switch ((enum quantity_kind)quantity_table[j->q].kind) {
    case QUANTITY_VOLTAGE:
        return j->class->percent / 100 * fabs(j->truth) + 1e-3;
    case QUANTITY_FREQUENCY:
        return hz_share * j->truth;
    case QUANTITY_PF:
        return limit_pf(j);
    case QUANTITY_ACTIVE:
        return 1e-5 + limit_active(j);
    case QUANTITY_REACTIVE:
        return 1e-5 + limit_reactive(j);
    case QUANTITY_APPARENT:
        return 1e-5 + by_current(j, j->class->percent, j->truth);
    case QUANTITY_CURRENT:
    case QUANTITY_ACTIVE_ENERGY: /* limit_energy */
    case QUANTITY_REACTIVE_ENERGY:
    case QUANTITY_APPARENT_ENERGY:
    case QUANTITY_COUNT:
    case QUANTITY_KINDS:
        break;
    }
    return by_current(j, j->class->percent, j->truth) + 1e-4;
}

/* The energy since the truth before; it may be late by behind_s, then and now. */
static double limit_energy(const struct site_energies *before, struct judged *j,
                           double kva)
{
    const double late = MAX(before->kva, kva) * behind_s / 3600;

    j->read -= before->read[j->q];
    j->truth -= before->exact[j->q];
    return by_current(j, j->class->percent * j->class->lagging, j->truth) + late + 2e-6;
}

static void append_number(GString *text, const char *before, double x)
{
    char number[32];

    g_ascii_formatd(number, sizeof number, "%.5g", x);
    g_string_append_printf(text, "%s%s", before, number);
}

static void append(GString *text, const struct judged *j, double limit)
{
    g_string_append_printf(text, "\n  %-14s", quantity_table[j->q].name);
    append_number(text, " expected ", j->truth);
    append_number(text, " ± ", limit);
    if (isnan(j->read))
        g_string_append(text, ", read nothing");
    else
        append_number(text, ", read ", j->read);
}

static bool expected_here(const struct site_meter *m, enum quantity q)
{
    const int type = system_type_find(unit_setting(m->unit, SETTING_SYSTEM_TYPE));

    return type >= 0 && quantity_table[q].types >> type & 1 &&
           model_has_quantity(m->unit->model, q);
}

int site_class_judge(struct site_meter *m, const struct site_class *class,
                     const struct site_truth *truth, GString *text)
{
    const double rated = m->unit->sensors.ct_primary_a;
    const double kva = truth->value[Q_KVA_TOTAL];
    int wrong = 0;

    for (int k = 0; k < QUANTITIES; k++) {
        const enum quantity q = (enum quantity)k;
        const int phase = phase_of(q);
        bool energy = quantity_table[q].unit == UNIT_E;
        struct judged j = { class,
                            q,
                            site_reading(m, q),
                            truth->given[q] ? truth->value[q] : (double)NAN,
                            sibling(truth, phase, Q_I_A, Q_I_AVG) / rated,
                            sibling(truth, phase, Q_KVA_A, Q_KVA_TOTAL),
                            sibling(truth, phase, Q_PF_A, Q_PF_TOTAL) };
        if (isnan(j.truth) || !expected_here(m, q) || (energy && m->energies.spoilt) ||
            (quantity_table[q].unit == UNIT_PF && j.s == 0))
            continue;
        double limit = energy ? limit_energy(&m->energies, &j, kva) : limit_of(&j);
        if (!(fabs(j.read - j.truth) <= limit) && wrong++ < SHOWN)
            append(text, &j, limit);
    }
    return wrong;
}

void site_class_account(struct site_meter *m, const struct site_truth *truth)
{
    m->energies.spoilt = false;
    m->energies.kva = truth->value[Q_KVA_TOTAL];
    for (int q = 0; q < QUANTITIES; q++) {
        m->energies.read[q] = site_reading(m, (enum quantity)q);
        m->energies.exact[q] = truth->given[q] ? truth->value[q] : (double)NAN;
    }
}
