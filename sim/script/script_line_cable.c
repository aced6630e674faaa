/* The copper of a line { }. See script_line_cable.h; what it does: line_cable.h. */
#include "sim/script/script_line_cable.h"
#include <string.h>

#define BIAS_OHM 560.0 /* the usual pair for two terminators and 32 loads */

static const char *const fields[] = { "cable", "stub",   "terminators",
                                      "bias",  "shield", NULL };

static void parse_terminators(lua_State *L, int table, struct line_cable *c)
{
    static const enum line_ends ends[] = { LINE_ENDS_NONE, LINE_ENDS_ONE,
                                           LINE_ENDS_BOTH };
    int type = lua_getfield(L, table, "terminators");

    if (type == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "middle"))
        c->ends = LINE_ENDS_MIDDLE;
    else if (lua_isinteger(L, -1) && lua_tointeger(L, -1) >= 0 &&
             lua_tointeger(L, -1) <= 2)
        c->ends = ends[lua_tointeger(L, -1)];
    else if (type != LUA_TNIL)
        luaL_error(L, "line: terminators: 2 (at both ends), 1, 0 or \"middle\" (one at "
                      "an end, one half way)");
    lua_pop(L, 1);
}

static void parse_bias(lua_State *L, int table, struct line_cable *c)
{
    if (lua_getfield(L, table, "bias") == LUA_TBOOLEAN)
        c->bias_ohm = lua_toboolean(L, -1) ? BIAS_OHM : 0;
    else if (args_quantity(L, table, "line", "bias", DIMENSION_RESISTANCE,
                           &c->bias_ohm))
        args_range(L, c->bias_ohm, 10, 1e6, "line: bias");
    lua_settop(L, table);
}

static void parse_length(lua_State *L, int table, const char *field, double *meters)
{
    const char *what = lua_pushfstring(L, "line: %s", field);

    if (args_quantity(L, table, "line", field, DIMENSION_LENGTH, meters))
        args_range(L, *meters, 0, 20000, what);
    lua_settop(L, table);
}

bool script_line_cable_parse(lua_State *L, struct script_line *b)
{
    const int table = lua_gettop(L);
    const char *given = NULL;

    for (int k = 0; fields[k]; k++) {
        if (lua_getfield(L, table, fields[k]) != LUA_TNIL)
            given = fields[k];
        lua_pop(L, 1);
    }
    if (!given)
        return false;
    parse_length(L, table, "cable", &b->cable.length_m);
    if (b->cable.length_m <= 0)
        luaL_error(L,
                   "line: %s does nothing on a line without length; give cable = "
                   "\"600 m\", too",
                   given);
    parse_length(L, table, "stub", &b->cable.stub_m);
    parse_terminators(L, table, &b->cable);
    parse_bias(L, table, &b->cable);
    if (lua_getfield(L, table, "shield") != LUA_TNIL)
        b->cable.bare = !lua_toboolean(L, -1);
    lua_settop(L, table);
    return true;
}
