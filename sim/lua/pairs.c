/* pairs for scenarios: numbers ascending, then strings by their bytes, then booleans,
 * so that a script does the same on every run (Lua's own order comes from addresses).
 */
#include "sim/lua/pairs.h"
#include "sim/lua/sandbox.h"
#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

struct key {
    int rank; /* 0 number, 1 string, 2 boolean */
    lua_Number number;
    const char *text;
    size_t size;
    lua_Integer index; /* in the list of keys found */
};

static int compare_keys(const void *a, const void *b)
{
    const struct key *x = a, *y = b;

    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->rank == 1) {
        int order = memcmp(x->text, y->text, x->size < y->size ? x->size : y->size);
        if (order)
            return order;
        return x->size < y->size ? -1 : x->size > y->size;
    }
    if (x->number != y->number)
        return x->number < y->number ? -1 : 1;
    return 0;
}

/* The key on top of the stack. */
static void describe_key(lua_State *L, struct key *key)
{
    switch (lua_type(L, -1)) {
    case LUA_TNUMBER:
        *key = (struct key){ .rank = 0, .number = lua_tonumber(L, -1) };
        return;
    case LUA_TSTRING:
        key->rank = 1;
        key->text = lua_tolstring(L, -1, &key->size);
        return;
    case LUA_TBOOLEAN:
        *key = (struct key){ .rank = 2, .number = lua_toboolean(L, -1) };
        return;
    default:
        luaL_error(L,
                   "pairs: a key is a %s; it has no order, so scenarios cannot go "
                   "through it",
                   luaL_typename(L, -1));
    }
}

/* Pushes the list of the keys of the table at 1, in hash order; returns their number.
 */
static lua_Integer list_keys(lua_State *L)
{
    lua_Integer count = 0;

    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, ++count);
    }
    return count;
}

/* n keys are compared some n log n times, up to their first difference. */
static void count_sorting(lua_State *L, const struct key *keys, lua_Integer count)
{
    int64_t steps = count, rounds = 1;

    for (lua_Integer k = 0; k < count; k++)
        steps += keys[k].rank == 1 ? (int64_t)keys[k].size / 64 : 0;
    for (lua_Integer n = count; n > 1; n /= 2)
        rounds++;
    sandbox_count_steps(L, steps * rounds / 4);
}

/* Replaces the list on top by a sorted one. */
static void sort_keys(lua_State *L, lua_Integer count)
{
    int list = lua_gettop(L);
    struct key *keys =
        lua_newuserdatauv(L, (size_t)(count ? count : 1) * sizeof *keys, 0);

    for (lua_Integer k = 0; k < count; k++) {
        lua_rawgeti(L, list, k + 1);
        describe_key(L, &keys[k]);
        keys[k].index = k + 1;
        lua_pop(L, 1);
    }
    count_sorting(L, keys, count);
    qsort(keys, (size_t)count, sizeof *keys, compare_keys);
    lua_createtable(L, (int)count, 0);
    for (lua_Integer k = 0; k < count; k++) {
        lua_rawgeti(L, list, keys[k].index);
        lua_rawseti(L, -2, k + 1);
    }
    lua_replace(L, list);
    lua_settop(L, list);
}

/* Upvalues: the sorted keys, how many of them were given. */
static int next_pair(lua_State *L)
{
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(2));

    luaL_checktype(L, 1, LUA_TTABLE);
    for (;;) {
        if (lua_rawgeti(L, lua_upvalueindex(1), ++at) == LUA_TNIL)
            return 1;
        lua_pushinteger(L, at);
        lua_replace(L, lua_upvalueindex(2));
        lua_pushvalue(L, -1);
        if (lua_rawget(L, 1) != LUA_TNIL)
            return 2;
        lua_pop(L, 2);
    }
}

int pairs_in_order(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    sort_keys(L, list_keys(L));
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, next_pair, 2);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}
