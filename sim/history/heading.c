/* Headings. See heading.h. A heading is cut into words; the longest phrase of the table
 * counts. A symbol or a unit may have its phase right behind it: "UL1", "kW_a". */
#include "sim/history/heading.h"
#include "sim/history/heading_words.h"
#include <glib.h>
#include <string.h>

static const char *const sums[] = { "kvarh_import", "kvarh_export" };

const char *heading_name(int quantity)
{
    return quantity < QUANTITIES ? quantity_table[quantity].name
                                 : sums[quantity - QUANTITIES];
}

const char *heading_unit(int quantity)
{
    return quantity < QUANTITIES ? quantity_kind_units[quantity_table[quantity].kind]
                                 : quantity_kind_units[QUANTITY_REACTIVE_ENERGY];
}

enum quantity_role heading_role(int quantity)
{
    return quantity < QUANTITIES ? (enum quantity_role)quantity_table[quantity].role
                                 : ROLE_COUNTER;
}

static enum quantity_kind kind_of(int quantity)
{
    return quantity < QUANTITIES ? (enum quantity_kind)quantity_table[quantity].kind
                                 : QUANTITY_REACTIVE_ENERGY;
}

static int find_name(const char *name)
{
    for (int q = 0; q < HEADING_QUANTITIES; q++)
        if (!g_ascii_strcasecmp(heading_name(q), name))
            return q;
    return -1;
}

bool heading_set(struct heading *h, const char *name, const char *unit)
{
    const struct heading_unit *u = *unit ? heading_find_unit(unit) : NULL;

    *h = (struct heading){ .factor = u ? u->factor : 1, .unit = u ? u->text : NULL };
    if (!strcmp(name, "time"))
        h->kind = HEADING_TIME;
    else if (!strcmp(name, "date"))
        h->kind = HEADING_DATE;
    else if (!strcmp(name, "alerts"))
        h->kind = HEADING_ALERTS;
    else if (strcmp(name, "unused") != 0)
        h->kind = HEADING_QUANTITY;
    if (h->kind != HEADING_QUANTITY)
        return !*unit;
    h->quantity = find_name(name);
    return h->quantity >= 0 && (!*unit || (u && u->kind == kind_of(h->quantity)));
}

static bool leave_open(struct heading *h, const char *why)
{
    h->kind = HEADING_OPEN;
    g_strlcpy(h->why, why, sizeof h->why);
    return false;
}

/* The kind by words, or by the unit where they leave it open. */
static bool find_kind(const struct heading_words *w, struct heading *h,
                      enum quantity_kind *kind)
{
    static const enum quantity_kind powers[] = { QUANTITY_ACTIVE, QUANTITY_REACTIVE,
                                                 QUANTITY_APPARENT };
    static const enum quantity_kind energies[] = { QUANTITY_ACTIVE_ENERGY,
                                                   QUANTITY_REACTIVE_ENERGY,
                                                   QUANTITY_APPARENT_ENERGY };
    const bool power = w->what == WHAT_POWER || w->what == WHAT_DEMAND;
    const bool energy = w->what == WHAT_ENERGY;

    if (w->what_kind >= 0)
        *kind = (enum quantity_kind)w->what_kind;
    else if (energy && w->unit && heading_is_power(w->unit->kind))
        return leave_open(h, "an energy in a unit of power");
    else if (w->kind >= 0 && (power || energy))
        *kind = energy ? energies[w->kind] : powers[w->kind];
    else if (w->unit)
        *kind = w->unit->kind;
    else
        return leave_open(h, "the unit is missing");
    if (w->unit && w->unit->kind != *kind)
        return leave_open(h, "its words and its unit do not agree");
    if (!w->unit && heading_needs_unit(*kind))
        return leave_open(h, "the unit is missing");
    return true;
}

static int voltage(const struct heading_words *w, struct heading *h)
{
    static const int lines[8] = { [3] = Q_V_AB, [6] = Q_V_BC, [5] = Q_V_AC };
    const bool ll = w->between == BETWEEN_LL, ln = w->between == BETWEEN_LN || w->n;

    if (__builtin_popcount(w->phases) == 2)
        return lines[w->phases];
    if (w->phases && ll) {
        leave_open(h, "line-to-line, but of one phase: of which two?");
        return -1;
    }
    if (w->phases)
        return Q_V_AN + __builtin_ctz(w->phases);
    if (ll == ln) {
        leave_open(h, "line-to-line or line-to-neutral?");
        return -1;
    }
    return ll ? Q_VLL_AVG : Q_VLN_AVG;
}

static int reactive_energy(const struct heading_words *w, int phase)
{
    if (!w->quadrant)
        return w->way == WAY_EXPORT ? HEADING_KVARH_EXPORT : HEADING_KVARH_IMPORT;
    return phase < 0 ? Q_KVARH_Q1 + w->quadrant - 1
                     : Q_KVARH_Q1_A + 3 * (w->quadrant - 1) + phase;
}

/* Without a word for it, energy is imported. */
static int energy(const struct heading_words *w, enum quantity_kind kind)
{
    static const int whole[2][4] = {
        { Q_KWH_IMPORT, Q_KWH_IMPORT, Q_KWH_EXPORT, Q_KWH_NET },
        { Q_KVAH_IMPORT, Q_KVAH_IMPORT, Q_KVAH_EXPORT, Q_KVAH_NET },
    };
    static const int first[2][2] = { { Q_KWH_IMPORT_A, Q_KWH_EXPORT_A },
                                     { Q_KVAH_IMPORT_A, Q_KVAH_EXPORT_A } };
    const int phase = w->phases ? __builtin_ctz(w->phases) : -1;
    const bool apparent = kind == QUANTITY_APPARENT_ENERGY;

    if (kind == QUANTITY_REACTIVE_ENERGY)
        return reactive_energy(w, phase);
    return phase < 0 ? whole[apparent][w->way]
                     : first[apparent][w->way == WAY_EXPORT] + phase;
}

static int demand(const struct heading_words *w, enum quantity_kind kind)
{
    int first = !w->max                ? Q_KW_DEMAND
                : w->way == WAY_EXPORT ? Q_KW_DEMAND_MAX_EXPORT
                                       : Q_KW_DEMAND_MAX_IMPORT;

    return first + (kind == QUANTITY_REACTIVE) + 2 * (kind == QUANTITY_APPARENT);
}

static int of_phases(const struct heading_words *w, int first, int whole)
{
    return w->phases ? first + __builtin_ctz(w->phases) : whole;
}

/* The reading; -1: there is none, and h says so. */
static int find_quantity(const struct heading_words *w, enum quantity_kind kind,
                         struct heading *h)
{
    switch (kind) {
    case QUANTITY_VOLTAGE:
        return voltage(w, h);
    case QUANTITY_CURRENT:
        return w->whole == WHOLE_SUM && !w->phases ? -1 : of_phases(w, Q_I_A, Q_I_AVG);
    case QUANTITY_PF:
        return of_phases(w, Q_PF_A, Q_PF_TOTAL);
    case QUANTITY_FREQUENCY:
        return Q_FREQ;
    case QUANTITY_ACTIVE_ENERGY:
    case QUANTITY_REACTIVE_ENERGY:
    case QUANTITY_APPARENT_ENERGY:
        return energy(w, kind);
    case QUANTITY_ACTIVE:
        return of_phases(w, Q_KW_A, Q_KW_TOTAL);
    case QUANTITY_REACTIVE:
        return of_phases(w, Q_KVAR_A, Q_KVAR_TOTAL);
    case QUANTITY_APPARENT:
        return of_phases(w, Q_KVA_A, Q_KVA_TOTAL);
    case QUANTITY_COUNT:
    case QUANTITY_KINDS:
        break;
    }
    return -1;
}

static void parse_quantity(const struct heading_words *w, struct heading *h)
{
    enum quantity_kind kind;

    if (w->volt_amperes) {
        leave_open(h, "volt-amperes, or the voltage of phase A?");
        return;
    }
    if (w->other || (w->max && w->what != WHAT_DEMAND) || !find_kind(w, h, &kind))
        return;
    const bool pair = __builtin_popcount(w->phases) == 2;
    if (__builtin_popcount(w->phases) > 2 || (pair && kind != QUANTITY_VOLTAGE)) {
        leave_open(h, "of several phases: of which one?");
        return;
    }
    h->quantity = w->what == WHAT_DEMAND ? demand(w, kind) : find_quantity(w, kind, h);
    if (h->quantity < 0)
        return;
    h->kind = HEADING_QUANTITY;
    h->factor = w->unit ? w->unit->factor : 1;
    h->unit = w->unit ? w->unit->text : NULL;
}

void heading_parse(const char *text, struct heading *h)
{
    struct heading_words w;
    int own = find_name(text);

    *h = (struct heading){ .factor = 1 };
    if (own >= 0) {
        h->kind = HEADING_QUANTITY;
        h->quantity = own;
        return;
    }
    h->ends = !strcmp(text, "time_s");
    heading_words_parse(text, &w);
    if (w.what == WHAT_TIME || w.what == WHAT_DATE)
        h->kind = w.what == WHAT_TIME ? HEADING_TIME : HEADING_DATE;
    else if (w.what == WHAT_ALERTS && !w.other)
        h->kind = HEADING_ALERTS;
    else if (w.what != WHAT_ALERTS && (w.what != WHAT_NOTHING || w.unit))
        parse_quantity(&w, h);
}
