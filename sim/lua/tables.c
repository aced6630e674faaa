/* Functions of the library `table` (reference manual, 6.6). See tables.h. */
#include "sim/lua/tables.h"
#include "sim/lua/sandbox.h"
#include <lauxlib.h>
#include <limits.h>

enum { COUNT_AT = 64, UNPACKED_MAX = 100000 };

/* A table, or what has the metamethods of one. */
static void check_table(lua_State *L, int index)
{
    if (lua_type(L, index) == LUA_TTABLE)
        return;
    if (!luaL_getmetafield(L, index, "__index"))
        luaL_checktype(L, index, LUA_TTABLE);
    lua_pop(L, 1);
}

/* Element number k of a loop. */
static void count(lua_State *L, lua_Unsigned k)
{
    if (k % COUNT_AT == 0)
        sandbox_count_steps(L, COUNT_AT);
}

/* t[to] = t[from] */
static void copy(lua_State *L, int from_table, lua_Integer from, int to_table,
                 lua_Integer to)
{
    lua_geti(L, from_table, from);
    lua_seti(L, to_table, to);
}

int tables_insert(lua_State *L)
{
    check_table(L, 1);
    lua_Integer end = (lua_Integer)((lua_Unsigned)luaL_len(L, 1) + 1), at = end;
    int arguments = lua_gettop(L);

    if (arguments != 2 && arguments != 3)
        return luaL_error(L, "wrong number of arguments to 'insert'");
    if (arguments == 3) {
        at = luaL_checkinteger(L, 2);
        luaL_argcheck(L, (lua_Unsigned)at - 1u < (lua_Unsigned)end, 2,
                      "position out of bounds");
    }
    for (lua_Integer k = end; k > at; k--) {
        count(L, (lua_Unsigned)k);
        copy(L, 1, k - 1, 1, k);
    }
    lua_seti(L, 1, at);
    return 0;
}

int tables_remove(lua_State *L)
{
    check_table(L, 1);
    lua_Integer size = luaL_len(L, 1), at = luaL_optinteger(L, 2, size);

    if (at != size)
        luaL_argcheck(L, (lua_Unsigned)at - 1u <= (lua_Unsigned)size, 2,
                      "position out of bounds");
    lua_geti(L, 1, at);
    for (; at < size; at++) {
        count(L, (lua_Unsigned)at);
        copy(L, 1, at + 1, 1, at);
    }
    lua_pushnil(L);
    lua_seti(L, 1, at);
    return 1;
}

/* a1, first, last, to [, a2] */
int tables_move(lua_State *L)
{
    lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3),
                to = luaL_checkinteger(L, 4);
    int into = lua_isnoneornil(L, 5) ? 1 : 5;

    check_table(L, 1);
    check_table(L, into);
    if (last >= first) {
        luaL_argcheck(L, first > 0 || last < LUA_MAXINTEGER + first, 3,
                      "too many elements to move");
        lua_Integer n = last - first + 1;
        luaL_argcheck(L, to <= LUA_MAXINTEGER - n + 1, 4, "destination wrap around");
        bool upwards = to > last || to <= first ||
                       (into != 1 && !lua_compare(L, 1, into, LUA_OPEQ));
        for (lua_Integer k = 0; k < n; k++) {
            lua_Integer at = upwards ? k : n - 1 - k;
            count(L, (lua_Unsigned)k);
            copy(L, 1, first + at, into, to + at);
        }
    }
    lua_pushvalue(L, into);
    return 1;
}

static void add_element(lua_State *L, luaL_Buffer *out, lua_Integer k)
{
    lua_geti(L, 1, k);
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid value (%s) at index %I in table for 'concat'",
                   luaL_typename(L, -1), (LUAI_UACINT)k);
    luaL_addvalue(out);
}

/* t [, between, first, last] */
int tables_concat(lua_State *L)
{
    size_t size;
    luaL_Buffer out;

    check_table(L, 1);
    lua_Integer last = luaL_len(L, 1);
    const char *between = luaL_optlstring(L, 2, "", &size);
    lua_Integer k = luaL_optinteger(L, 3, 1);
    last = luaL_optinteger(L, 4, last);
    luaL_buffinit(L, &out);
    for (; k < last; k++) {
        count(L, (lua_Unsigned)k);
        add_element(L, &out, k);
        luaL_addlstring(&out, between, size);
    }
    if (k == last)
        add_element(L, &out, k);
    luaL_pushresult(&out);
    return 1;
}

/* t [, first, last] */
int tables_unpack(lua_State *L)
{
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last = luaL_opt(L, luaL_checkinteger, 3, luaL_len(L, 1));

    if (first > last)
        return 0;
    lua_Unsigned n = (lua_Unsigned)last - (lua_Unsigned)first;
    if (n >= UNPACKED_MAX || !lua_checkstack(L, (int)n + 1))
        return luaL_error(L, "too many results to unpack");
    for (lua_Unsigned k = 0; k <= n; k++) {
        count(L, k);
        lua_geti(L, 1, first + (lua_Integer)k);
    }
    return (int)n + 1;
}
