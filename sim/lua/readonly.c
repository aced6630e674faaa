/* Read-only globals and tables. See readonly.h. Lua asks a metatable about writes to
 * absent keys alone, so the table that scripts reach is another one than that which
 * holds the values: a userdata for a table, the empty table of globals for themselves. */
#include "sim/lua/readonly.h"
#include "sim/lua/pairs.h"
#include "sim/lua/userdata.h"

#define VIEW    "read-only table"
#define GLOBALS "read-only globals" /* in the registry */

static void push_table(lua_State *L, int view)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, luaL_checkudata(L, view, VIEW));
}

static int get_field(lua_State *L)
{
    push_table(L, 1);
    lua_pushvalue(L, 2);
    lua_rawget(L, -2);
    return 1;
}

static int refuse_field(lua_State *L)
{
    return luaL_error(
        L, "this table belongs to all who use the console, and is read only");
}

static int get_length(lua_State *L)
{
    push_table(L, 1);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, -1));
    return 1;
}

static int copy(lua_State *L)
{
    push_table(L, 1);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, -3);) {
        lua_pushvalue(L, -2);
        lua_insert(L, -3);
        lua_rawset(L, -4);
    }
    return 1;
}

/* Of a copy, because the iterator gives its table to the script. */
static int pairs_of_copy(lua_State *L)
{
    copy(L);
    lua_replace(L, 1);
    return pairs_in_order(L);
}

/* Replaces the table on top. */
static void wrap(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "__index", get_field }, { "__newindex", refuse_field },
        { "__len", get_length },  { "__pairs", pairs_of_copy },
        { "__plain", copy },      { NULL, NULL }
    };
    const void *view = userdata_push(L, 0, VIEW, functions);

    lua_insert(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, view);
}

bool readonly_unwrap(lua_State *L)
{
    const int top = lua_gettop(L);

    if (luaL_testudata(L, top, VIEW)) {
        push_table(L, top);
        lua_replace(L, top);
        return true;
    }
    lua_pushglobaltable(L);
    bool is_global = lua_rawequal(L, -1, top) &&
                     lua_getfield(L, LUA_REGISTRYINDEX, GLOBALS) == LUA_TTABLE;
    if (is_global)
        lua_replace(L, top);
    lua_settop(L, top);
    return is_global;
}

/* globals, name, value */
static int set_global(lua_State *L)
{
    lua_getfield(L, LUA_REGISTRYINDEX, GLOBALS);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL)
        return luaL_error(L,
                          "'%s' belongs to all who use the console, and is read only; "
                          "take another name",
                          lua_tostring(L, 2));
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 0;
}

/* globals: of a copy with those of the script's own. */
static int pairs_of_globals(lua_State *L)
{
    lua_newtable(L);
    lua_getfield(L, LUA_REGISTRYINDEX, GLOBALS);
    for (int from = 3; from >= 1; from -= 2)
        for (lua_pushnil(L); lua_next(L, from);) {
            lua_pushvalue(L, -2);
            lua_insert(L, -3);
            lua_rawset(L, 2);
        }
    lua_pushvalue(L, 2);
    lua_replace(L, 1);
    return pairs_in_order(L);
}

/* rawset passes by metatables. */
static int set_raw(lua_State *L)
{
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "rawset: this table is read only");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

/* From the table of globals on top into the one below it. */
static void move_globals(lua_State *L)
{
    for (lua_pushnil(L); lua_next(L, -2);) {
        if (lua_istable(L, -1) && !lua_rawequal(L, -1, -3))
            wrap(L);
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -5);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, -4);
    }
}

void readonly_globals(lua_State *L)
{
    lua_getglobal(L, "rawset");
    lua_pushcclosure(L, set_raw, 1);
    lua_setglobal(L, "rawset");
    lua_newtable(L);
    lua_pushglobaltable(L);
    move_globals(L);
    lua_getmetatable(L, -1); /* of the sandbox: it refuses unknown names */
    lua_createtable(L, 0, 1);
    lua_getfield(L, -2, "__index");
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -4);
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, set_global);
    lua_setfield(L, -2, "__newindex");
    lua_pushcfunction(L, pairs_of_globals);
    lua_setfield(L, -2, "__pairs");
    lua_pop(L, 2);
    lua_setfield(L, LUA_REGISTRYINDEX, GLOBALS);
}
