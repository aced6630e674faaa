/* The Lua state of a script: bounded memory, bounded steps, and only what cannot reach
 * outside and gives the same results everywhere. So no os, io, load, require, debug,
 * coroutine, __gc (finalizers run without the step limit), and no addresses or hash
 * order: pairs goes in the order of the keys, math.random comes from the seed. */
#include "sim/lua/sandbox.h"
#include "sim/lua/library.h"
#include "sim/lua/near_name.h"
#include "sim/lua/pairs.h"
#include "waveform/base/random.h"
#include <glib.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    HOOK_STEPS = 1000,
    STOPPED_STEPS = 1,
    LIVE_HOOK_STEPS = 100, /* where others wait: each may compare long strings */
    LIVE_CALLS = 20000,
    LATE_EVERY = 16, /* looks at the clock of the processor, which is slow */
    SORT_MAX = 100,
    BYTES_PER_STEP = 64, /* that are allocated */
    BYTES_PER_COLLECTED_STEP = 256
};

static const char *const kept[] = {
    "assert",   "error",        "ipairs",       "pcall",    "pairs",  "select",
    "tostring", "tonumber",     "type",         "rawequal", "rawget", "rawlen",
    "rawset",   "getmetatable", "setmetatable", "math",     "string", "table",
    "utf8",     "_G",           "_VERSION",     NULL
};

static const char *const refused[] = {
    "os",      "io",      "dofile", "loadfile",  "loadstring",
    "require", "package", "debug",  "coroutine", "collectgarbage",
    "next",    "xpcall",  "warn",   NULL
};

struct sandbox *sandbox_of(lua_State *L)
{
    void *s;

    lua_getallocf(L, &s);
    return s;
}

#define STEPS_MAX (INT64_MAX / 2)

/* With its head. */
static const size_t TEXT_BYTES_MAX = SANDBOX_TEXT_MAX + 64;

/* What is allocated is written, and freed again: that is work. After a refusal Lua goes
 * through all that there is, and tries again. */
static void *allocate(void *user, void *block, size_t old_size, size_t new_size)
{
    struct sandbox *s = user;

    bool is_text = !block && old_size == LUA_TSTRING;
    if (!block)
        old_size = 0; /* there it is the kind of object */
    bool is_full =
        new_size > old_size && s->memory - old_size + new_size > s->memory_limit;
    if (is_full || (is_text && new_size > TEXT_BYTES_MAX)) {
        s->text_refused = !is_full;
        s->steps += (int64_t)(s->memory / BYTES_PER_COLLECTED_STEP);
        return NULL;
    }
    if (new_size > old_size)
        s->steps += (int64_t)((new_size - old_size) / BYTES_PER_STEP);
    s->memory += new_size - old_size;
    if (!new_size) {
        free(block);
        return NULL;
    }
    return realloc(block, new_size);
}

int sandbox_line(lua_State *L)
{
    lua_Debug at;

    for (int level = 0; lua_getstack(L, level, &at); level++) {
        lua_getinfo(L, "l", &at);
        if (at.currentline > 0)
            return at.currentline;
    }
    return 0;
}

bool sandbox_charge(struct sandbox *s, int64_t bytes)
{
    if (bytes > 0 && s->memory + (size_t)bytes > s->memory_limit)
        return false;
    s->memory += (size_t)bytes;
    return true;
}

char *sandbox_refusal(const struct sandbox *s)
{
    return g_strdup_printf("more than %zu MB of memory%s", s->memory_limit >> 20,
                           s->text_refused ? ", or a string of more than 1 MB" : "");
}

static int64_t processor_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

void sandbox_restart(struct sandbox *s)
{
    s->steps = 0;
    s->busy_from_us = s->busy_limit_us ? processor_us() : 0;
}

static void refill_steps(struct sandbox *s)
{
    int64_t now_ns = s->now_ns(s->host);

    if (now_ns != s->steps_at_ns) {
        sandbox_restart(s);
        s->steps_at_ns = now_ns;
    }
}

static bool is_late(struct sandbox *s)
{
    return (s->deadline_us && g_get_monotonic_time() > s->deadline_us) ||
           (s->busy_limit_us && ++s->counts % LATE_EVERY == 0 &&
            processor_us() - s->busy_from_us > s->busy_limit_us);
}

static void count_instructions(lua_State *L, lua_Debug *unused);

static bool is_stopped(lua_State *L)
{
    return lua_gethookcount(L) == STOPPED_STEPS;
}

/* Nothing more of it is to run: no pcall, and no handler of a to-be-closed variable
 * (__close), of which each could open more. So it yields for good. Where it cannot,
 * because C has called it, it raises an error, and each handler ends at its first
 * instruction. (To set the hook costs time by the depth of the calls: only once.) In a
 * hook this returns. */
static void stop(lua_State *L, const char *why)
{
    const char *text = sandbox_of(L)->stop(sandbox_of(L)->host, why);

    if (lua_isyieldable(L)) {
        lua_yield(L, 0);
        return;
    }
    if (!is_stopped(L))
        lua_sethook(L, count_instructions, LUA_MASKCOUNT, STOPPED_STEPS);
    lua_pushstring(L, text);
    lua_error(L);
}

/* Steps count until simulated time goes on: waiting for nothing does not help. */
void sandbox_count_steps(lua_State *L, int64_t steps)
{
    struct sandbox *s = sandbox_of(L);
    char text[160] = "";

    refill_steps(s);
    s->steps = steps > STEPS_MAX - s->steps ? STEPS_MAX : s->steps + steps;
    if (s->steps > s->step_limit)
        g_snprintf(text, sizeof text,
                   "%s:%d: the script ran %" G_GINT64_FORMAT " steps without waiting",
                   s->name, sandbox_line(L), (gint64)s->step_limit);
    else if (others_stopped(s->others))
        g_snprintf(text, sizeof text, "%s:%d: the program ends", s->name,
                   sandbox_line(L));
    else if (is_late(s))
        g_snprintf(text, sizeof text, "%s:%d: stopped by the time limit", s->name,
                   sandbox_line(L));
    else if (!s->over(s->host))
        return;
    stop(L, text);
}

static int hook_steps(const struct sandbox *s)
{
    return s->others ? LIVE_HOOK_STEPS : HOOK_STEPS;
}

/* Where others wait, all garbage is collected in pieces, long before memory is refused:
 * then Lua would collect it at once. What is left is the script's own. */
static void collect_piece(lua_State *L, const struct sandbox *s)
{
    const size_t limit = s->memory_limit;

    if (s->memory > limit / 2 && lua_gc(L, LUA_GCSTEP, 0) && s->memory > limit / 8 * 7)
        luaL_error(L, "more than %d MB of memory",
                   (int)(s->memory_limit >> 20)); /* nearly */
}

static void count_instructions(lua_State *L, lua_Debug *unused)
{
    const struct sandbox *s = sandbox_of(L);
    lua_Debug at;

    (void)unused;
    if (is_stopped(L) && s->over(s->host)) {
        stop(L, "");
        return;
    }
    if (is_stopped(L)) /* before, and goes on */
        lua_sethook(L, count_instructions, LUA_MASKCOUNT, hook_steps(s));
    sandbox_count_steps(L, hook_steps(s));
    if (!s->others || lua_status(L) == LUA_YIELD)
        return;
    others_release(s->others); /* if a verb went on after it had waited */
    collect_piece(L, s);
    if (lua_getstack(L, LIVE_CALLS, &at))
        luaL_error(L, "stack overflow: more than %d calls in one another", LIVE_CALLS);
}

/* A global that is not there is a mistake, not nil. */
static int unknown_global(lua_State *L)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    struct near_name near;
    char hint[80];

    if (g_strv_contains(refused, name))
        return luaL_error(L, "'%s' is not available in scenarios", name);
    near_name_start(&near, name);
    for (const struct verb *row = sandbox_of(L)->verbs; row->name; row++)
        near_name_offer(&near, row->name);
    for (int k = 0; kept[k]; k++)
        near_name_offer(&near, kept[k]);
    return luaL_error(L, "unknown name '%s'%s", name,
                      near_name_hint(&near, hint, sizeof hint));
}

static int finish_pcall(lua_State *L, int status, lua_KContext unused)
{
    (void)unused;
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L);
    const struct sandbox *s = sandbox_of(L);
    if (s->over(s->host))
        stop(L, "");
    lua_pushboolean(L, 0);
    lua_insert(L, -2);
    return 2;
}

/* Upvalue: the function. */
static int call_verb(lua_State *L)
{
    struct others *o = sandbox_of(L)->others;

    others_enter(o);
    const int results = lua_tocfunction(L, lua_upvalueindex(1))(L);
    others_leave(o);
    return results;
}

void sandbox_push_verb(lua_State *L, lua_CFunction call)
{
    lua_pushcfunction(L, call);
    if (sandbox_of(L)->others)
        lua_pushcclosure(L, call_verb, 1);
}

/* pcall that does not catch a failed expectation or a limit. */
static int protected_call(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    struct others *o = sandbox_of(L)->others;
    const int depth = others_depth(o);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    others_return_to(o, depth);
    return finish_pcall(L, status, 0);
}

static int set_metatable(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "finalizers (__gc) are not available in scenarios");
        lua_pop(L, 1);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 1);
    return 1;
}

char *sandbox_error_text(lua_State *L)
{
    switch (lua_type(L, -1)) {
    case LUA_TSTRING:
        return g_strdup(lua_tostring(L, -1));
    case LUA_TNUMBER:
        return lua_isinteger(L, -1)
                   ? g_strdup_printf(LUA_INTEGER_FMT, lua_tointeger(L, -1))
                   : g_strdup_printf(LUA_NUMBER_FMT, lua_tonumber(L, -1));
    default:
        return NULL;
    }
}

void sandbox_push_text(lua_State *L, int index)
{
    int type = lua_type(L, index);
    bool has_address = type == LUA_TTABLE || type == LUA_TFUNCTION ||
                       type == LUA_TTHREAD || type == LUA_TUSERDATA ||
                       type == LUA_TLIGHTUSERDATA;

    if (has_address && luaL_getmetafield(L, index, "__tostring") == LUA_TNIL) {
        lua_pushstring(L, lua_typename(L, type));
        return;
    }
    if (has_address)
        lua_pop(L, 1);
    luaL_tolstring(L, index, NULL);
}

static int to_string(lua_State *L)
{
    luaL_checkany(L, 1);
    sandbox_push_text(L, 1);
    return 1;
}

static void refuse_pointers(lua_State *L, const char *format)
{
    for (const char *at = strchr(format, '%'); at; at = strchr(at, '%')) {
        at += 1 + strspn(at + 1, "-+ #0123456789.");
        if (*at == 'p')
            luaL_error(L, "string.format: %%p is not available in scenarios");
        if (*at)
            at++;
    }
}

static int format_string(lua_State *L)
{
    int count = lua_gettop(L);

    refuse_pointers(L, luaL_checkstring(L, 1));
    for (int k = 2; k <= count; k++)
        if (lua_type(L, k) == LUA_TTABLE || lua_type(L, k) >= LUA_TFUNCTION) {
            sandbox_push_text(L, k);
            lua_replace(L, k);
        }
    lua_settop(L, count);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, count, 1);
    return 1;
}

/* Above 100 elements Lua's sort chooses its pivots by the clock. */
static int sort_table(lua_State *L)
{
    int count = lua_gettop(L);

    luaL_checktype(L, 1, LUA_TTABLE);
    if (luaL_len(L, 1) > SORT_MAX)
        return luaL_error(L, "table.sort: at most %d elements in scenarios", SORT_MAX);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, count, 0);
    return 0;
}

/* math.random(), (max), (min, max). */
static int random_number(lua_State *L)
{
    uint64_t *state = &sandbox_of(L)->random;

    if (lua_gettop(L) == 0) {
        lua_pushnumber(L, random_share(state));
        return 1;
    }
    uint64_t r = random_next(state);
    lua_Integer min = lua_gettop(L) == 1 ? 1 : luaL_checkinteger(L, 1);
    lua_Integer max = luaL_checkinteger(L, lua_gettop(L) == 1 ? 1 : 2);
    luaL_argcheck(L, min <= max, lua_gettop(L), "interval is empty");
    uint64_t span = (uint64_t)max - (uint64_t)min + 1;
    const uint64_t drawn = (uint64_t)min + (span ? r % span : r);
    lua_pushinteger(L, (lua_Integer)drawn);
    return 1;
}

/* The function `name` of the table on top becomes `function`, which gets the old one.
 */
static void wrap(lua_State *L, const char *name, lua_CFunction function)
{
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, function, 1);
    lua_setfield(L, -2, name);
}

static void open_libraries(lua_State *L)
{
    static const luaL_Reg libraries[] = { { LUA_GNAME, luaopen_base },
                                          { LUA_MATHLIBNAME, luaopen_math },
                                          { LUA_STRLIBNAME, luaopen_string },
                                          { LUA_TABLIBNAME, luaopen_table },
                                          { LUA_UTF8LIBNAME, luaopen_utf8 } };

    for (size_t k = 0; k < G_N_ELEMENTS(libraries); k++) {
        luaL_requiref(L, libraries[k].name, libraries[k].func, 1);
        lua_pop(L, 1);
    }
}

static void replace_library_functions(lua_State *L)
{
    lua_getglobal(L, "string");
    wrap(L, "format", format_string);
    lua_getglobal(L, "table");
    wrap(L, "sort", sort_table);
    lua_getglobal(L, "math");
    wrap(L, "random", random_number);
    lua_pop(L, 3);
    lua_pushliteral(L, "");
    lua_getmetatable(L, -1);
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 2);
}

void sandbox_close_names(lua_State *L, lua_CFunction unknown)
{
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, unknown);
    lua_setfield(L, -2, "__index");
    lua_pushliteral(L, "locked");
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
}

static void replace_globals(lua_State *L)
{
    lua_pushglobaltable(L);
    wrap(L, "setmetatable", set_metatable);
    wrap(L, "pcall", protected_call);
    wrap(L, "tostring", to_string);
    wrap(L, "pairs", pairs_in_order);
    for (const struct verb *row = sandbox_of(L)->verbs; row->name; row++) {
        sandbox_push_verb(L, row->call);
        lua_setfield(L, -2, row->name);
    }
    sandbox_close_names(L, unknown_global);
    lua_pop(L, 1);
}

static int prepare(lua_State *L)
{
    open_libraries(L);
    library_replace(L);
    replace_library_functions(L);
    replace_globals(L);
    return 0;
}

lua_State *sandbox_new(struct sandbox *s)
{
    lua_State *L = lua_newstate(allocate, s);

    if (!L)
        return NULL;
    lua_pushcfunction(L, prepare);
    if (lua_pcall(L, 0, 0, 0) != LUA_OK) {
        lua_close(L);
        return NULL;
    }
    lua_sethook(L, count_instructions, LUA_MASKCOUNT, hook_steps(s));
    return L;
}
