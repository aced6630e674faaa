/* See script_load.h. */
#include "sim/script/script_load.h"
#include "sim/script/script_grid.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include "sim/script/script_world.h"
#include <string.h>

static const char *const names[] = { "amps",      "kw",     "pf",     "lag_degrees",
                                     "leading",   "export", "phases", "between",
                                     "harmonics", "kvar",   NULL };

double script_pf_parse(lua_State *L, const char *verb, bool *leading)
{
    const char *what = lua_pushfstring(L, "%s: pf", verb);

    lua_insert(L, -2);
    char number[16];
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;

    if (!text) {
        double pf = args_value(L, lua_gettop(L), DIMENSION_NUMBER, what);
        args_range(L, pf, -1, 1, what);
        lua_remove(L, -2);
        return pf;
    }
    const char *word = text + strcspn(text, " ");
    g_snprintf(number, sizeof number, "%.*s", (int)(word - text), text);
    word += strspn(word, " ");
    if (*word && strcmp(word, "lag") && strcmp(word, "lead"))
        luaL_error(L, "%s: \"0.92 lag\" or \"0.92 lead\", not \"%s\"", what, text);
    double pf;
    char error[VALUE_ERROR];
    if (!value_parse_as(number, DIMENSION_NUMBER, &pf, error))
        luaL_error(L, "%s: %s", what, error);
    if (*word)
        *leading = !strcmp(word, "lead");
    args_range(L, pf, -1, 1, what);
    lua_remove(L, -2);
    return pf;
}

static bool parse_pfs(lua_State *L, int table, struct site_load *load)
{
    bool leading = args_flag(L, table, "load", "leading");
    int type = lua_getfield(L, table, "pf"), list = lua_gettop(L);

    if (type == LUA_TTABLE)
        args_three(L, list, "load: pf");
    for (int k = 0; type != LUA_TNIL && k < 3; k++) {
        bool leads = leading;
        if (type == LUA_TTABLE)
            lua_geti(L, list, k + 1);
        else
            lua_pushvalue(L, list);
        double pf = script_pf_parse(L, "load", &leads);
        site_load_set_pf(load, k, pf, leads);
        lua_settop(L, list);
    }
    lua_pop(L, 1);
    return type != LUA_TNIL;
}

static void parse_lag(lua_State *L, int table, struct site_load *load)
{
    bool has_pf = parse_pfs(L, table, load);
    bool has_lag = args_phases(L, table, "load", "lag_degrees", DIMENSION_ANGLE,
                               load->lag_degrees);

    if (has_pf && has_lag)
        luaL_error(L, "load: give one of pf and lag_degrees");
    if ((has_pf || has_lag) && load->has_kvar)
        luaL_error(L, "load: give one of kvar, pf and lag_degrees");
    for (int k = 0; k < 3; k++) {
        if (has_lag) {
            args_range(L, load->lag_degrees[k], -3600, 3600, "load: lag_degrees");
            site_load_set_lag(load, k, load->lag_degrees[k]);
        } else if (!has_pf) {
            load->pf[k] = 1;
        }
        if (args_flag(L, table, "load", "export"))
            load->lag_degrees[k] += 180;
    }
}

static void parse_phases(lua_State *L, int table, struct site_load *load)
{
    const char *phases = args_text(L, table, "load", "phases");
    const char *between = args_text(L, table, "load", "between");

    load->phases = phases ? args_letters(phases) : 7;
    if (!load->phases)
        luaL_error(L, "load: phases: \"A\", \"BC\" or \"all\", not \"%s\"", phases);
    if (between && (strcmp(between, "AB") || phases))
        luaL_error(L, "load: between: only \"AB\", and without phases");
    load->ab = between != NULL;
}

/* One number for all phases together, or { a, b, c }. */
static bool parse_power(lua_State *L, int table, const char *field, bool *each,
                        double values[3])
{
    const char *what = lua_pushfstring(L, "load: %s", field);

    *each = lua_getfield(L, table, field) == LUA_TTABLE;
    lua_pop(L, 1);
    bool given =
        args_phases(L, table, "load", field,
                    strcmp(field, "kw") ? DIMENSION_REACTIVE : DIMENSION_POWER, values);
    for (int k = 0; k < 3 && given; k++)
        args_range(L, values[k], -1e6, 1e6, what);
    lua_pop(L, 1);
    return given;
}

static void parse_size(lua_State *L, int table, struct site_load *load)
{
    bool has_amps =
        args_phases(L, table, "load", "amps", DIMENSION_CURRENT, load->amps);

    load->has_kw = parse_power(L, table, "kw", &load->kw_each, load->kw);
    load->has_kvar = parse_power(L, table, "kvar", &load->kvar_each, load->kvar);
    if (has_amps == load->has_kw)
        luaL_error(L, "load: give one of amps and kw");
    if (load->has_kvar && !load->has_kw)
        luaL_error(L, "load: kvar goes with kw");
    for (int k = 0; k < 3; k++)
        args_range(L, load->amps[k], 0, 1e6, "load: amps");
}

static const char *amps_text(lua_State *L, double amps)
{
    char text[32];

    g_snprintf(text, sizeof text, "%.6g A", amps);
    return lua_pushstring(L, text);
}

static void refuse_sum(lua_State *L, const struct site_meter *m,
                       const struct site_load_sum *sum)
{
    const char *left = amps_text(L, sum->left);

    if (sum->order != 1)
        luaL_error(L,
                   "load: %s has three wires, whose currents sum to zero: harmonics of "
                   "order %f leave %s",
                   m->name, sum->order, left);
    luaL_error(L,
               "load: %s has three wires, whose currents sum to zero: %s, %s and %s "
               "leave %s (between = \"AB\": a load from A to B)",
               m->name, amps_text(L, sum->amps[0]), amps_text(L, sum->amps[1]),
               amps_text(L, sum->amps[2]), left);
}

void script_load_apply(lua_State *L, const struct site_load *load, struct site_meter *m)
{
    struct site_load_sum sum;

    script_world_free_of_recording(L, m, "load");
    int error = site_load_apply(load, m, &sum);
    if (error == SITE_ERROR_NO_WAY_BACK)
        refuse_sum(L, m, &sum);
    if (error)
        luaL_error(L, "%s", site_error_text(error));
}

int script_load(lua_State *L)
{
    struct script *s = script_of(L);
    struct site_meter *only = script_meter_test(L, 1);
    struct site_load load = { .given = true };
    int table = only ? 2 : 1;

    args_names(L, table, "load", names);
    script_note_call(L, OBSERVED_WORLD, only);
    parse_size(L, table, &load);
    parse_lag(L, table, &load);
    parse_phases(L, table, &load);
    script_harmonics_parse(L, table, "load", load.harmonics);
    if (only) {
        script_load_apply(L, &load, only);
        return 0;
    }
    s->site.load = load;
    for (guint k = 0; k < s->site.meters->len; k++)
        script_load_apply(L, &load, site_at(&s->site, k));
    return 0;
}
