/* always, never, eventually: conditions that are looked at when they are stated, every
 * simulated second from then on (a meter publishes once a second), and at the end. */
#include "sim/script_internal.h"
#include "sim/script_verbs.h"

enum kind { ALWAYS, NEVER, EVENTUALLY };
enum { PERIOD_NS = 1000000000 };

struct monitor {
    struct script *script;
    enum kind kind;
    int function; /* reference in the registry */
    int line;
    bool met; /* for eventually */
    uint64_t event;
};

void script_monitor_free(void *monitor)
{
    struct monitor *m = monitor;

    if (m->event)
        sim_cancel(m->script->sim, m->event);
    g_free(m);
}

static void fail(const struct monitor *m, const char *what)
{
    struct script *s = m->script;
    GString *text = g_string_new("");

    g_string_append_printf(text, "%s at %.3f s\n", what, (double)sim_now(s->sim) / 1e9);
    script_report_source(s, m->line, text);
    script_report_meters(s, text);
    script_set_failed(s, m->line, text->str);
    g_string_free(text, TRUE);
}

/* The condition's value; an error in it ends the script. */
static bool evaluate(struct monitor *m, lua_State *L)
{
    struct script *s = m->script;
    bool value = m->kind == ALWAYS;

    for (guint k = 0; k < s->meters->len; k++)
        ((struct script_meter *)g_ptr_array_index(s->meters, k))->concerned = false;
    lua_rawgeti(L, LUA_REGISTRYINDEX, m->function);
    if (lua_pcall(L, 0, 1, 0) == LUA_OK) {
        value = lua_toboolean(L, -1);
    } else {
        const char *text = lua_tostring(L, -1);
        script_set_misused(s,
                           text ? text : "a condition raised an error that is no text");
    }
    lua_pop(L, 1);
    return value;
}

static void look(struct monitor *m, lua_State *L)
{
    bool value = evaluate(m, L);

    m->script->checks++;
    m->met |= value;
    if (m->kind == ALWAYS && !value)
        fail(m, "what must always be true is false");
    if (m->kind == NEVER && value)
        fail(m, "what must never be true is true");
}

static void tick(void *user)
{
    struct monitor *m = user;
    struct script *s = m->script;

    m->event = 0;
    look(m, s->L);
    if (script_over(s))
        script_stop(s, "%s", script_message(s));
    else if (m->kind != EVENTUALLY || !m->met)
        m->event = sim_at(s->sim, sim_now(s->sim) + PERIOD_NS, tick, m);
}

static int state(lua_State *L, enum kind kind)
{
    struct script *s = script_of(L);
    struct monitor *m;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    if (s->monitors->len >= 1000)
        return luaL_error(L, "at most 1000 conditions can be watched");
    lua_settop(L, 1);
    int function = luaL_ref(L, LUA_REGISTRYINDEX);
    m = g_new0(struct monitor, 1);
    *m = (struct monitor){ s, kind, function, script_here(L), false, 0 };
    g_ptr_array_add(s->monitors, m);
    look(m, L);
    if (script_over(s))
        return luaL_error(L, "%s", script_message(s));
    m->event = sim_at(s->sim, sim_now(s->sim) + PERIOD_NS, tick, m);
    return 0;
}

int script_always(lua_State *L)
{
    return state(L, ALWAYS);
}

int script_never(lua_State *L)
{
    return state(L, NEVER);
}

int script_eventually(lua_State *L)
{
    return state(L, EVENTUALLY);
}

void script_monitors_finish(struct script *s)
{
    for (guint k = 0; k < s->monitors->len && !script_over(s); k++) {
        struct monitor *m = g_ptr_array_index(s->monitors, k);
        if (m->kind != EVENTUALLY || !m->met)
            look(m, s->L);
        if (m->kind == EVENTUALLY && !m->met)
            fail(m, "what must eventually be true never was");
    }
}
