/* truth(m, "0.2S"): every reading that the wave has an exact value for, against it.
 * Active power and energy: IEC 62053-22 (0.1S … 0.5S), 62053-21 (1, 2). Reactive:
 * 62053-24, no better than 0.5. V, I, S: the class itself, frequency 0.02 % (IEC
 * 61557-12). Where a standard ends, at small currents and power factors, the limit
 * stays what it is at its end. Energies count from the truth before, and anew after a
 * fault. */
#include "sim/script/script_internal.h"
#include "sim/script/script_object.h"
#include "sim/script/script_verbs.h"
#include <math.h>
#include <string.h>

static const struct class_row {
    const char *name;
    double percent;
    double lagging; /* × percent, at PF 0.5 */
    double least;   /* share of rated current below which limits are twice as wide */
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
    const struct class_row *class;
    enum quantity q;
    double read, truth;
    double current; /* share of rated, of the phase or the mean */
    double s;       /* kVA of the phase or of all */
    double pf;
};

static const struct class_row *find_class(lua_State *L, const char *name)
{
    for (size_t k = 0; k < G_N_ELEMENTS(classes); k++)
        if (!strcmp(classes[k].name, name))
            return &classes[k];
    lua_pushliteral(L, "");
    for (size_t k = 0; k < G_N_ELEMENTS(classes); k++) {
        lua_pushfstring(L, "%s%s", k ? ", " : "", classes[k].name);
        lua_concat(L, 2);
    }
    luaL_error(L, "truth: unknown class '%s' (%s)", name, lua_tostring(L, -1));
    return NULL;
}

static double field(lua_State *L, int table, const char *name)
{
    double x = (double)NAN;

    if (lua_getfield(L, table, name) == LUA_TNUMBER)
        x = lua_tonumber(L, -1);
    lua_pop(L, 1);
    return x;
}

/* "kw_b" is of a phase, "kw_total" of all. */
static double sibling(lua_State *L, int table, const char *prefix, const char *name)
{
    const char *mark = strrchr(name, '_');
    bool phase = mark && mark[1] >= 'a' && mark[1] <= 'c' && !mark[2];
    char other[24];

    if (!phase && !strcmp(prefix, "i"))
        return field(L, table, "i_avg");
    g_snprintf(other, sizeof other, "%s_%s", prefix, phase ? mark + 1 : "total");
    return field(L, table, other);
}

/* The limit at small currents: twice as wide, and never smaller than at the end. */
static double by_current(const struct judged *j, double percent, double value)
{
    double share = j->current >= j->class->least ? 1 : 2;
    double least =
        j->current < end_of_range && j->current > 0 ? end_of_range / j->current : 1;
    return percent / 100 * share * least * fabs(value);
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
    const char *name = quantity_table[j->q].name;

    switch (quantity_table[j->q].unit) {
    case UNIT_V:
        return j->class->percent / 100 * fabs(j->truth) + 1e-3;
    case UNIT_HZ:
        return hz_share * j->truth;
    case UNIT_PF:
        return limit_pf(j);
    case UNIT_W:
        return 1e-5 + (g_str_has_prefix(name, "kw") ? limit_active(j)
                       : g_str_has_prefix(name, "kvar")
                           ? limit_reactive(j)
                           : by_current(j, j->class->percent, j->truth));
    default:
        return by_current(j, j->class->percent, j->truth) + 1e-4;
    }
}

/* The energy since the truth before; it may be late by behind_s, then and now. */
static double limit_energy(struct script_meter *m, struct judged *j, double kva)
{
    const double late = MAX(m->book_kva, kva) * behind_s / 3600;

    j->read -= m->book_read[j->q];
    j->truth -= m->book_true[j->q];
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

static bool expected_here(const struct script_meter *m, enum quantity q)
{
    int type = unit_setting(m->unit, SETTING_SYSTEM_TYPE);
    unsigned bit = type == 10   ? T10
                   : type == 11 ? T11
                   : type == 12 ? T12
                   : type == 31 ? T31
                                : T40;

    return (quantity_table[q].types & bit) != 0;
}

/* The number of readings that are wrong; they are told in `text`. */
static int judge_all(lua_State *L, struct script_meter *m,
                     const struct class_row *class, int table, GString *text)
{
    double rated = m->unit->sensors.ct_primary_a, kva = field(L, table, "kva_total");
    int wrong = 0;

    for (int q = 0; q < QUANTITIES; q++) {
        const char *name = quantity_table[q].name;
        bool energy = quantity_table[q].unit == UNIT_E;
        struct judged j = { class,
                            (enum quantity)q,
                            script_object_reading(m, (enum quantity)q),
                            field(L, table, name),
                            sibling(L, table, "i", name) / rated,
                            sibling(L, table, "kva", name),
                            sibling(L, table, "pf", name) };
        if (isnan(j.truth) || !expected_here(m, (enum quantity)q) ||
            (energy && m->book_spoilt) ||
            (quantity_table[q].unit == UNIT_PF && j.s == 0))
            continue;
        double limit = energy ? limit_energy(m, &j, kva) : limit_of(&j);
        if (!(fabs(j.read - j.truth) <= limit) && wrong++ < SHOWN)
            append(text, &j, limit);
    }
    return wrong;
}

static void book(lua_State *L, struct script_meter *m, int table)
{
    m->book_spoilt = false;
    m->book_kva = field(L, table, "kva_total");
    for (int q = 0; q < QUANTITIES; q++) {
        m->book_read[q] = script_object_reading(m, (enum quantity)q);
        m->book_true[q] = field(L, table, quantity_table[q].name);
    }
}

int script_truth_class(lua_State *L)
{
    struct script *s = script_of(L);
    struct script_meter *m = script_meter_check(L, 1);
    const struct class_row *class = find_class(L, luaL_checkstring(L, 2));
    int line = sandbox_line(L);
    GString *wrong = g_string_new(""), *text = g_string_new("");

    lua_settop(L, 2);
    lua_pushcfunction(L, script_truth);
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
    s->checks++;
    int count = judge_all(L, m, class, 3, wrong);
    book(L, m, 3);
    g_string_append_printf(text, "%d readings are outside class %s at %.3f s\n", count,
                           class->name, (double)sim_now(s->sim) / 1e9);
    script_report_source(s, line, text);
    g_string_append(text, wrong->str);
    m->concerned = true;
    script_report_meters(s, text);
    if (count)
        script_set_failed(s, line, text->str);
    m->concerned = false;
    g_string_free(text, TRUE);
    g_string_free(wrong, TRUE);
    return count ? luaL_error(L, "expectation failed") : 0;
}
