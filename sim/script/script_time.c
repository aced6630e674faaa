/* Verbs of time: waiting, in simulated time, for a while or for a condition. A
 * condition that is waited for is looked at every 10 ms; it may not wait itself. */
#include "sim/script/script_note.h"
#include "sim/script/script_report.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"

enum { POLL_NS = 10000000 };
#define HOUR_NS 3600000000000

int script_wait(lua_State *L)
{
    struct script *s = script_of(L);
    int64_t ns = args_ns(L, 1, "wait");

    args_can_wait(L);
    script_wake_at(L, sim_now(s->sim) + ns);
    return lua_yield(L, 0);
}

int script_hold(lua_State *L)
{
    const struct script_options *o = &script_of(L)->options;

    if (!o->hold)
        return luaL_error(L, "hold: nobody could let time go on here; metersim serve "
                             "has a console for that");
    o->hold(o->user);
    return 0;
}

int script_now(lua_State *L)
{
    lua_pushnumber(L, (double)sim_now(script_of(L)->sim) / 1e9);
    return 1;
}

/* Stack while waiting. */
enum { AT_FUNCTION = 1, AT_START, AT_DEADLINE, AT_LINE, AT_HOLDS };

/* "not true within 2 s", "no longer true after 1.2 s, and its end has not come". */
static int give_up(lua_State *L, const char *before, const char *after)
{
    struct script *s = script_of(L);
    int64_t waited = sim_now(s->sim) - lua_tointeger(L, AT_START);
    int line = (int)lua_tointeger(L, AT_LINE);
    char number[32];
    GString *text = g_string_new("");

    g_string_append_printf(text, "%s %s s%s, at %.3f s\n", before,
                           value_text((double)waited / 1e9, number, sizeof number),
                           after, (double)sim_now(s->sim) / 1e9);
    script_report_source(s, line, text);
    script_report_failed(s, line, text);
    lua_pushliteral(L, "expectation failed");
    return lua_error(L);
}

static bool is_true(lua_State *L, int function)
{
    lua_pushvalue(L, function);
    lua_call(L, 0, 1);
    others_hold(
        sandbox_of(L)->others); /* what was called may have let go of the plant */
    bool met = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return met;
}

static int poll_condition(lua_State *L, int status, lua_KContext unused)
{
    struct script *s = script_of(L);
    int64_t now = sim_now(s->sim), deadline = lua_tointeger(L, AT_DEADLINE);

    (void)status;
    (void)unused;
    for (guint k = 0; k < s->site.meters->len; k++)
        site_at(&s->site, k)->read = false;
    if (is_true(L, AT_FUNCTION)) {
        s->checks++;
        script_note_line(s, OBSERVED_PASSED, (int)lua_tointeger(L, AT_LINE));
        lua_pushnumber(L, (double)(now - lua_tointeger(L, AT_START)) / 1e9);
        return 1;
    }
    if (lua_gettop(L) >= AT_HOLDS && !is_true(L, AT_HOLDS))
        return give_up(L, "no longer true after", ", and its end has not come");
    if (now >= deadline)
        return give_up(L, "not true within", "");
    script_wake_at(L, MIN(now + POLL_NS, deadline));
    return lua_yieldk(L, 0, 0, poll_condition);
}

static int start_polling(lua_State *L, int64_t limit_ns)
{
    int64_t now = sim_now(script_of(L)->sim);
    int line = sandbox_line(L);

    args_can_wait(L);
    lua_settop(L, AT_FUNCTION);
    lua_pushinteger(L, now);
    lua_pushinteger(L, now + limit_ns);
    lua_pushinteger(L, line);
    return poll_condition(L, LUA_OK, 0);
}

int script_within(lua_State *L)
{
    int64_t limit_ns = args_ns(L, 1, "within");

    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_remove(L, 1);
    return start_polling(L, limit_ns);
}

int script_wait_until(lua_State *L)
{
    int64_t limit_ns =
        lua_isnoneornil(L, 2) ? HOUR_NS : args_ns(L, 2, "wait_until: limit");

    luaL_checktype(L, 1, LUA_TFUNCTION);
    return start_polling(L, limit_ns);
}

/* Stack: f, g [, limit]: f holds until g. */
int script_always_until(lua_State *L)
{
    struct script *s = script_of(L);
    int64_t limit_ns =
        lua_isnoneornil(L, 3) ? HOUR_NS : args_ns(L, 3, "always_until: limit");
    int line = sandbox_line(L);

    luaL_checktype(L, 1, LUA_TFUNCTION);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    args_can_wait(L);
    lua_settop(L, 2);
    lua_insert(L, 1); /* g, f */
    lua_pushinteger(L, sim_now(s->sim));
    lua_pushinteger(L, sim_now(s->sim) + limit_ns);
    lua_pushinteger(L, line);
    lua_pushvalue(L, 2);
    lua_remove(L, 2);
    return poll_condition(L, LUA_OK, 0);
}
