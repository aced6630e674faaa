/* See script_grid.h. */
#include "sim/script/script_grid.h"
#include "sim/script/script_disturbance.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/script/script_world.h"
#include <string.h>

static const char *const names[] = { "hz",           "volts_ll",  "volts_ln",
                                     "volts",        "slows",     "degrees",
                                     "sequence",     "sequences", "sequence_degrees",
                                     "harmonics",    "kind",      "loss",
                                     "backfed",      "flicker",   "notch",
                                     "neutral_open", NULL };

static const char *const kinds[] = { "wye", "acb", "high_leg", "corner", "split" };

void script_grid_apply(lua_State *L, struct site_meter *m)
{
    int error = site_grid_apply(m, sandbox_line(L));

    if (error)
        luaL_error(L, "%s", site_error_text(error));
}

/* { order, percent [, degrees] } at the top of the stack. */
static struct waveform_harmonic parse_harmonic(lua_State *L, const char *verb)
{
    struct waveform_harmonic h = { 0, 0, 0 };
    double *value[3] = { &h.order, &h.percent, &h.degrees };
    int item = lua_gettop(L);
    lua_Integer count = lua_istable(L, item) ? args_list(L, item, verb) : 0;

    if (count < 2 || count > 3)
        luaL_error(L, "%s: each is { order, percent [, degrees] }", verb);
    for (int k = 0; k < count; k++) {
        lua_geti(L, item, k + 1);
        *value[k] = k == 1
                        ? args_percent(L, lua_gettop(L), verb)
                        : args_value(L, lua_gettop(L),
                                     k == 2 ? DIMENSION_ANGLE : DIMENSION_NUMBER, verb);
        lua_pop(L, 1);
    }
    args_range(L, h.order, 0, 1000, "harmonics: order");
    args_range(L, h.percent, 0, 1000, "harmonics: percent");
    return h;
}

static void parse_harmonics(lua_State *L, const char *verb,
                            struct waveform_harmonics *h)
{
    int list = lua_gettop(L);
    const char *what = lua_pushfstring(L, "%s: harmonics", verb);
    lua_Integer count = args_list(L, list, what);

    if (count > WAVEFORM_HARMONICS)
        luaL_error(L, "%s: a list of at most %d", what, WAVEFORM_HARMONICS);
    h->count = (int)count;
    for (int k = 0; k < h->count; k++) {
        lua_geti(L, list, k + 1);
        h->item[k] = parse_harmonic(L, what);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* A list for all phases, or { a = list, b = list, c = list }. */
void script_harmonics_parse(lua_State *L, int table, const char *verb,
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
            parse_harmonics(L, verb, &harmonics[k]);
        if (each)
            lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void parse_volts(lua_State *L, int table, struct site_grid *g)
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
            g->how = (enum site_volts)(SITE_VOLTS_LL + how);
            g->volts[k] = args_range(L, v[how][k], 0, 1e6, "grid: volts");
        }
    if (given[3])
        g->has_degrees = false;
    if (given[2] || given[3])
        g->has_kind = false;
}

static void parse_kind(lua_State *L, int table, struct site_grid *g)
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
static void check_kind(lua_State *L, const struct site_grid *g)
{
    bool wye = g->kind == GRID_WYE || g->kind == GRID_ACB;

    if (g->has_kind && g->how != SITE_VOLTS_LL && !(wye && g->how == SITE_VOLTS_LN))
        luaL_error(L, "grid: kind %s needs volts_ll", kinds[g->kind]);
}

static void parse_degrees(lua_State *L, int table, const char *field,
                          struct site_grid *g)
{
    if (!args_phases(L, table, "grid", field, DIMENSION_ANGLE, g->degrees))
        return;
    g->has_degrees = true;
    for (int k = 0; k < 3; k++)
        args_range(L, g->degrees[k], -3600, 3600, "grid: degrees");
    if ((g->how == SITE_VOLTS_SEQUENCES) != !strcmp(field, "sequence_degrees"))
        luaL_error(L, "grid: degrees go with volts, sequence_degrees with sequences");
    g->has_kind = false;
}

static void parse_angles(lua_State *L, int table, struct site_grid *g)
{
    const char *sequence = args_text(L, table, "grid", "sequence");

    if (sequence) {
        if (strcmp(sequence, "ABC") && strcmp(sequence, "ACB"))
            luaL_error(L, "grid: sequence: \"ABC\" or \"ACB\", not \"%s\"", sequence);
        if (g->how == SITE_VOLTS_SEQUENCES)
            luaL_error(L, "grid: sequence does not go with sequences");
        g->acb = !strcmp(sequence, "ACB");
        g->has_degrees = g->has_kind = false;
    }
    parse_degrees(L, table, "degrees", g);
    parse_degrees(L, table, "sequence_degrees", g);
}

static void parse_grid(lua_State *L, int table, struct site_grid *g)
{
    if (args_quantity(L, table, "grid", "hz", DIMENSION_FREQUENCY, &g->hz)) {
        args_range(L, g->hz, WAVEFORM_HZ_MIN, WAVEFORM_HZ_MAX, "grid: hz");
        g->sets_hz = true;
    }
    bool sequences = g->how == SITE_VOLTS_SEQUENCES;
    parse_volts(L, table, g);
    if (sequences && g->how != SITE_VOLTS_SEQUENCES)
        g->has_degrees = false;
    parse_angles(L, table, g);
    parse_kind(L, table, g);
    check_kind(L, g);
    script_disturbance_parse(L, table, g);
    script_harmonics_parse(L, table, "grid", g->harmonics);
}

static void change_grid(lua_State *L, struct site_meter *m, const char *verb,
                        void *user)
{
    script_world_free_of_recording(L, m, verb);
    parse_grid(L, *(int *)user, &m->grid);
    script_grid_apply(L, m);
}

int script_grid(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *only = script_meter_test(L, 1);
    int table = only ? 2 : 1;

    args_names(L, table, "grid", names);
    script_note_call(L, OBSERVED_WORLD, only);
    if (only) {
        script_feeder_each(L, only, "grid", change_grid, &table);
        return 0;
    }
    for (guint k = 0; k < s->site.meters->len; k++)
        script_world_free_of_recording(L, site_at(&s->site, k), "grid");
    parse_grid(L, table, &s->site.grid);
    for (guint k = 0; k < s->site.meters->len; k++) {
        struct site_meter *m = site_at(&s->site, k);
        parse_grid(L, table, &m->grid);
        script_grid_apply(L, m);
    }
    return 0;
}
