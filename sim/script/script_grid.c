/* The verb grid. What was asked for is kept as it was said, and each meter gets its own
 * by its wiring: 480 V between lines is two legs of 240 V for a split-phase meter and
 * three phases of 277 V for the others. A kind is a transformer, the same for all
 * meters. The frequency is only set where it is named: events may have moved it. */
#include "sim/script/script_internal.h"
#include "sim/script/script_verbs.h"
#include <math.h>
#include <string.h>

static const char *const names[] = {
    "hz",        "volts_ll", "volts_ln",     "volts",
    "degrees",   "sequence", "sequences",    "sequence_degrees",
    "harmonics", "kind",     "loss",         "backfed",
    "flicker",   "notch",    "neutral_open", NULL
};

static const char *const kinds[] = { "wye", "acb", "high_leg", "corner", "split" };

#define SQRT3 1.7320508075688772

static bool has_two_legs(enum waveform_wiring wiring)
{
    return wiring == WAVEFORM_AB || wiring == WAVEFORM_ABN;
}

static int conductors(enum waveform_wiring wiring)
{
    return wiring == WAVEFORM_AN ? 1 : has_two_legs(wiring) ? 2 : 3;
}

static double phase_volts(const struct script_grid *g, enum waveform_wiring wiring,
                          int k)
{
    if (k >= conductors(wiring))
        return 0;
    switch (g->how) {
    case VOLTS_LL:
        return has_two_legs(wiring) ? g->volts[0] / 2 : g->volts[0] / SQRT3;
    case VOLTS_LN:
        return g->volts[0];
    case VOLTS_EACH:
        return g->volts[k];
    default:
        return 0;
    }
}

static double phase_degrees(const struct script_grid *g, enum waveform_wiring wiring,
                            int k)
{
    static const double three[3] = { 0, -120, 120 }, legs[3] = { 0, 180, 0 };

    if (g->has_degrees)
        return g->degrees[k];
    if (has_two_legs(wiring))
        return legs[k];
    return g->acb ? -three[k] : three[k];
}

static void set_by_wiring(const struct script_grid *g, enum waveform_wiring wiring,
                          struct waveform_grid *grid)
{
    for (int k = 0; k < 3; k++) {
        grid->volts[k] = phase_volts(g, wiring, k);
        grid->degrees[k] = phase_degrees(g, wiring, k);
    }
}

static void set_voltages(const struct script_grid *g, enum waveform_wiring wiring,
                         struct waveform_grid *grid)
{
    static const double zero[3] = { 0, 0, 0 };

    if (g->how == VOLTS_SEQUENCES)
        grid_set_sequences(grid, g->volts, g->has_degrees ? g->degrees : zero);
    else if (g->has_kind)
        grid_set_kind(grid, g->kind,
                      g->how == VOLTS_LN   ? g->volts[0] * SQRT3
                      : g->how == VOLTS_LL ? g->volts[0]
                                           : 0);
    else
        set_by_wiring(g, wiring, grid);
    for (int k = conductors(wiring); k < 3; k++)
        grid->volts[k] = 0;
}

void script_grid_apply(lua_State *L, struct script_meter *m)
{
    struct waveform_grid grid = unit_grid(m->unit), was = grid;

    set_voltages(&m->grid, m->unit->sensors.wiring, &grid);
    for (int k = 0; k < 3; k++) {
        grid.harmonics[k] = m->grid.harmonics[k];
        grid.lost[k] = was.lost[k];
    }
    grid.hz = m->grid.sets_hz ? m->grid.hz : was.hz;
    m->grid.sets_hz = false;
    unit_set_grid(m->unit, &grid);
    script_trouble_apply(L, m);
}

/* { order, percent [, degrees] } at the top of the stack. */
static struct waveform_harmonic take_harmonic(lua_State *L, const char *verb)
{
    struct waveform_harmonic h = { 0, 0, 0 };
    double *value[3] = { &h.order, &h.percent, &h.degrees };
    int item = lua_gettop(L);

    if (!lua_istable(L, item) || luaL_len(L, item) < 2 || luaL_len(L, item) > 3)
        luaL_error(L, "%s: harmonics: each is { order, percent [, degrees] }", verb);
    for (int k = 0; k < 3 && k < luaL_len(L, item); k++) {
        lua_geti(L, item, k + 1);
        *value[k] = args_value(L, lua_gettop(L),
                               k == 2 ? DIMENSION_ANGLE : DIMENSION_NUMBER, verb);
        lua_pop(L, 1);
    }
    args_range(L, h.order, 0, 1000, "harmonics: order");
    args_range(L, h.percent, 0, 1000, "harmonics: percent");
    return h;
}

static void take_harmonics(lua_State *L, const char *verb, struct waveform_harmonics *h)
{
    int list = lua_gettop(L);
    lua_Integer count = lua_istable(L, list) ? luaL_len(L, list) : -1;

    if (count < 0 || count > WAVEFORM_HARMONICS)
        luaL_error(L, "%s: harmonics: a list of at most %d", verb, WAVEFORM_HARMONICS);
    h->count = (int)count;
    for (int k = 0; k < h->count; k++) {
        lua_geti(L, list, k + 1);
        h->item[k] = take_harmonic(L, verb);
        lua_pop(L, 1);
    }
}

/* A list for all phases, or { a = list, b = list, c = list }. */
void script_args_harmonics(lua_State *L, int table, const char *verb,
                           struct waveform_harmonics harmonics[3])
{
    static const char *const phase_names[] = { "a", "b", "c", NULL };

    if (lua_getfield(L, table, "harmonics") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    int list = lua_gettop(L);
    bool each = false;
    for (int k = 0; k < 3 && lua_istable(L, list); k++) {
        each |= lua_getfield(L, list, phase_names[k]) != LUA_TNIL;
        lua_pop(L, 1);
    }
    if (each)
        args_names(L, list, "harmonics", phase_names);
    for (int k = 0; k < 3; k++) {
        int type = each ? lua_getfield(L, list, phase_names[k]) : LUA_TTABLE;
        harmonics[k].count = 0;
        if (type != LUA_TNIL)
            take_harmonics(L, verb, &harmonics[k]);
        if (each)
            lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void take_volts(lua_State *L, int table, struct script_grid *g)
{
    double v[4][3] = { { 0 } };
    const bool given[4] = {
        args_quantity(L, table, "grid", "volts_ll", DIMENSION_VOLTAGE, v[0]),
        args_quantity(L, table, "grid", "volts_ln", DIMENSION_VOLTAGE, v[1]),
        args_phases(L, table, "grid", "volts", DIMENSION_VOLTAGE, v[2]),
        args_phases(L, table, "grid", "sequences", DIMENSION_VOLTAGE, v[3]),
    };

    if (given[0] + given[1] + given[2] + given[3] > 1)
        luaL_error(L, "grid: give one of volts_ll, volts_ln, volts and sequences");
    for (int how = 0; how < 4; how++)
        for (int k = 0; k < 3 && given[how]; k++) {
            g->how = (enum script_volts)(VOLTS_LL + how);
            g->volts[k] = args_range(L, v[how][k], 0, 1e6, "grid: volts");
        }
    if (given[3])
        g->has_degrees = false;
    if (given[2] || given[3])
        g->has_kind = false;
}

static void take_kind(lua_State *L, int table, struct script_grid *g)
{
    static const struct args_choice choice = { "unknown kind", kinds, sizeof *kinds,
                                               (int)G_N_ELEMENTS(kinds),
                                               " (wye, acb, high_leg, corner, split)" };
    const char *name = args_text(L, table, "grid", "kind");

    if (!name)
        return;
    g->kind = (enum grid_kind)args_choose(L, "grid", &choice, name);
    g->has_kind = true;
    g->has_degrees = g->acb = false;
}

/* A kind goes by the voltage between lines; only a wye has one to neutral, too. */
static void check_kind(lua_State *L, const struct script_grid *g)
{
    bool wye = g->kind == GRID_WYE || g->kind == GRID_ACB;

    if (g->has_kind && g->how != VOLTS_LL && !(wye && g->how == VOLTS_LN))
        luaL_error(L, "grid: kind %s needs volts_ll", kinds[g->kind]);
}

static void take_degrees(lua_State *L, int table, const char *field,
                         struct script_grid *g)
{
    if (!args_phases(L, table, "grid", field, DIMENSION_ANGLE, g->degrees))
        return;
    g->has_degrees = true;
    for (int k = 0; k < 3; k++)
        args_range(L, g->degrees[k], -3600, 3600, "grid: degrees");
    if ((g->how == VOLTS_SEQUENCES) != !strcmp(field, "sequence_degrees"))
        luaL_error(L, "grid: degrees go with volts, sequence_degrees with sequences");
    g->has_kind = false;
}

static void take_angles(lua_State *L, int table, struct script_grid *g)
{
    const char *sequence = args_text(L, table, "grid", "sequence");

    if (sequence) {
        if (strcmp(sequence, "ABC") && strcmp(sequence, "ACB"))
            luaL_error(L, "grid: sequence: \"ABC\" or \"ACB\", not \"%s\"", sequence);
        if (g->how == VOLTS_SEQUENCES)
            luaL_error(L, "grid: sequence does not go with sequences");
        g->acb = !strcmp(sequence, "ACB");
        g->has_degrees = g->has_kind = false;
    }
    take_degrees(L, table, "degrees", g);
    take_degrees(L, table, "sequence_degrees", g);
}

static void take_grid(lua_State *L, int table, struct script_grid *g)
{
    if (args_quantity(L, table, "grid", "hz", DIMENSION_FREQUENCY, &g->hz)) {
        args_range(L, g->hz, WAVEFORM_HZ_MIN, WAVEFORM_HZ_MAX, "grid: hz");
        g->sets_hz = true;
    }
    bool sequences = g->how == VOLTS_SEQUENCES;
    take_volts(L, table, g);
    if (sequences && g->how != VOLTS_SEQUENCES)
        g->has_degrees = false;
    take_angles(L, table, g);
    take_kind(L, table, g);
    check_kind(L, g);
    script_trouble_take(L, table, g);
    script_args_harmonics(L, table, "grid", g->harmonics);
}

static void change_grid(lua_State *L, struct script_meter *m, const char *verb,
                        void *user)
{
    script_recording_refuse(L, m, verb);
    take_grid(L, *(int *)user, &m->grid);
    script_grid_apply(L, m);
}

int script_grid(lua_State *L)
{
    struct script *s = script_of(L);
    struct script_meter *only = script_meter_test(L, 1);
    int table = only ? 2 : 1;

    args_names(L, table, "grid", names);
    script_note_call(L, OBSERVED_WORLD, only);
    if (only) {
        script_feeder_each(L, only, "grid", change_grid, &table);
        return 0;
    }
    for (guint k = 0; k < s->meters->len; k++)
        script_recording_refuse(L, g_ptr_array_index(s->meters, k), "grid");
    take_grid(L, table, &s->grid);
    for (guint k = 0; k < s->meters->len; k++) {
        struct script_meter *m = g_ptr_array_index(s->meters, k);
        take_grid(L, table, &m->grid);
        script_grid_apply(L, m);
    }
    return 0;
}
