/* The verb grid. What was asked for is kept as it was said, and each meter gets its own
 * by its wiring: 480 V between lines is two legs of 240 V for a split-phase meter and
 * three phases of 277 V for the others. */
#include "sim/script_internal.h"
#include "sim/script_verbs.h"
#include <math.h>
#include <string.h>

static const char *const names[] = { "hz",      "volts_ll", "volts_ln",  "volts",
                                     "degrees", "sequence", "harmonics", NULL };

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

void script_grid_apply(lua_State *L, struct script_meter *m)
{
    const enum waveform_wiring wiring = m->unit->sensors.wiring;
    struct waveform_grid grid = *waveform_grid(m->unit->world);

    (void)L;
    grid.hz = m->grid.hz;
    for (int k = 0; k < 3; k++) {
        grid.volts[k] = phase_volts(&m->grid, wiring, k);
        grid.degrees[k] = phase_degrees(&m->grid, wiring, k);
        grid.harmonics[k] = m->grid.harmonics[k];
    }
    waveform_set_grid(m->unit->world, &grid);
    m->plays = false;
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
        *value[k] = script_args_value(
            L, lua_gettop(L), k == 2 ? DIMENSION_ANGLE : DIMENSION_NUMBER, verb);
        lua_pop(L, 1);
    }
    script_args_range(L, h.order, 0, 1000, "harmonics: order");
    script_args_range(L, h.percent, 0, 1000, "harmonics: percent");
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
        script_args_names(L, list, "harmonics", phase_names);
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
    double ll = 0, ln = 0, each[3] = { 0, 0, 0 };
    bool has_ll =
        script_args_quantity(L, table, "grid", "volts_ll", DIMENSION_VOLTAGE, &ll);
    bool has_ln =
        script_args_quantity(L, table, "grid", "volts_ln", DIMENSION_VOLTAGE, &ln);
    bool has_each =
        script_args_phases(L, table, "grid", "volts", DIMENSION_VOLTAGE, each);

    if (has_ll + has_ln + has_each > 1)
        luaL_error(L, "grid: give one of volts_ll, volts_ln and volts");
    if (!has_ll && !has_ln && !has_each)
        return;
    g->how = has_ll ? VOLTS_LL : has_ln ? VOLTS_LN : VOLTS_EACH;
    for (int k = 0; k < 3; k++) {
        g->volts[k] = has_ll ? ll : has_ln ? ln : each[k];
        script_args_range(L, g->volts[k], 0, 1e6, "grid: volts");
    }
}

static void take_angles(lua_State *L, int table, struct script_grid *g)
{
    const char *sequence = script_args_text(L, table, "grid", "sequence");

    if (sequence) {
        if (strcmp(sequence, "ABC") && strcmp(sequence, "ACB"))
            luaL_error(L, "grid: sequence: \"ABC\" or \"ACB\", not \"%s\"", sequence);
        g->acb = !strcmp(sequence, "ACB");
        g->has_degrees = false;
    }
    if (script_args_phases(L, table, "grid", "degrees", DIMENSION_ANGLE, g->degrees)) {
        g->has_degrees = true;
        for (int k = 0; k < 3; k++)
            script_args_range(L, g->degrees[k], -3600, 3600, "grid: degrees");
    }
}

static void take_grid(lua_State *L, int table, struct script_grid *g)
{
    if (script_args_quantity(L, table, "grid", "hz", DIMENSION_FREQUENCY, &g->hz))
        script_args_range(L, g->hz, 1, 1000, "grid: hz");
    take_volts(L, table, g);
    take_angles(L, table, g);
    script_args_harmonics(L, table, "grid", g->harmonics);
}

int script_grid(lua_State *L)
{
    struct script *s = script_of(L);
    struct script_meter *only = script_meter_test(L, 1);
    int table = only ? 2 : 1;

    script_args_names(L, table, "grid", names);
    if (only) {
        take_grid(L, table, &only->grid);
        script_grid_apply(L, only);
        return 0;
    }
    take_grid(L, table, &s->grid);
    for (guint k = 0; k < s->meters->len; k++) {
        struct script_meter *m = g_ptr_array_index(s->meters, k);
        take_grid(L, table, &m->grid);
        script_grid_apply(L, m);
    }
    return 0;
}
