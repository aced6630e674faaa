/* See script_adopt.h. */
#include "sim/script/script_adopt.h"
#include "sim/script/script_object.h"
#include "sim/script/script_save.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"

/* meters(3, { … }) goes on to make meters: the table is called as the verb is. */
static int call_verb(lua_State *L)
{
    lua_remove(L, 1);
    return script_meters(L);
}

static void push_table(lua_State *L)
{
    if (lua_getfield(L, LUA_REGISTRYINDEX, SCRIPT_METERS) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_createtable(L, 0, 2);
    sandbox_push_verb(L, call_verb);
    lua_setfield(L, -2, "__call");
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_setglobal(L, "meters");
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, SCRIPT_METERS);
}

static int enter_meter(lua_State *L)
{
    struct site_meter *m = lua_touserdata(L, 1);

    push_table(L);
    script_object_push(L, m);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, m->name);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    return 0;
}

struct site_meter *script_adopt(struct script *s, struct unit *unit, const char *name)
{
    struct site_meter *m = site_add(&s->site, unit, name);

    site_adopt_grid(m);
    lua_pushcfunction(s->L, enter_meter);
    lua_pushlightuserdata(s->L, m);
    if (lua_pcall(s->L, 1, 0, 0) != LUA_OK)
        lua_pop(s->L, 1);
    return m;
}
