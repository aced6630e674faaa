/* See script_monitor.h. */
#include "sim/script/script_monitor.h"
#include "sim/script/script_family.h"
#include "sim/script/script_report.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <math.h>

enum kind { ALWAYS, NEVER, EVENTUALLY, MONOTONIC, CONSERVED };
enum { PERIOD_NS = 1000000000 };

struct monitor {
    struct script *script;
    enum kind kind;
    int function; /* reference in the registry */
    int line;
    bool met;                 /* for eventually */
    double before, tolerance; /* for numbers; before is NaN at first */
    bool in_percent;          /* the tolerance is a share */
    uint64_t event;
};

static void free_monitor(void *monitor)
{
    struct monitor *m = monitor;

    if (m->event)
        sim_cancel(m->script->sim, m->event);
    luaL_unref(m->script->L, LUA_REGISTRYINDEX, m->function);
    g_free(m);
}

static void fail(const struct monitor *m, const char *what, const char *values)
{
    struct script *s = m->script;
    GString *text = g_string_new("");

    g_string_append_printf(text, "%s at %.3f s\n", what, (double)sim_now(s->sim) / 1e9);
    script_report_source(s, m->line, text);
    g_string_append(text, values);
    script_report_failed(s, m->line, text);
}

static void judge_condition(struct monitor *m, bool value)
{
    m->met |= value;
    if (m->kind == ALWAYS && !value)
        fail(m, "what must always be true is false", "");
    if (m->kind == NEVER && value)
        fail(m, "what must never be true is true", "");
}

static void fail_number(const struct monitor *m, const char *what, double expected,
                        double tolerance, double read)
{
    char number[4][32];
    g_autoptr(GString) text = g_string_new("\n  expected   ");

    g_string_append(text, value_text(expected, number[0], sizeof number[0]));
    if (tolerance > 0)
        g_string_append_printf(text, " ± %s",
                               value_text(tolerance, number[1], sizeof number[1]));
    g_string_append_printf(text, "\n  read       %s\n  differs by %s",
                           value_text(read, number[2], sizeof number[2]),
                           value_text(read - expected, number[3], sizeof number[3]));
    fail(m, what, text->str);
}

/* What is no reading (a meter without power) is passed over. */
static void judge_number(struct monitor *m, double value)
{
    double tolerance = m->in_percent ? m->tolerance * fabs(m->before) : m->tolerance;

    if (isnan(value))
        return;
    if (m->kind == MONOTONIC && value < m->before)
        fail_number(m, "what must never fall fell", m->before, 0, value);
    if (m->kind == CONSERVED && fabs(value - m->before) > tolerance)
        fail_number(m, "what must stay changed", m->before, tolerance, value);
    if (m->kind == MONOTONIC || isnan(m->before))
        m->before = value;
}

static void judge(struct monitor *m, lua_State *L)
{
    if (m->kind < MONOTONIC)
        judge_condition(m, lua_toboolean(L, -1));
    else if (lua_type(L, -1) == LUA_TNUMBER)
        judge_number(m, lua_tonumber(L, -1));
    else {
        char *text =
            g_strdup_printf("%s:%d: the function must return a number, not a %s",
                            m->script->name, m->line, luaL_typename(L, -1));
        script_set_misused(m->script, text);
        g_free(text);
    }
}

/* An error in the condition ends the script. */
static void check(struct monitor *m, lua_State *L)
{
    struct script *s = m->script;

    for (guint k = 0; k < s->site.meters->len; k++)
        site_at(&s->site, k)->read = false;
    s->checks++;
    lua_rawgeti(L, LUA_REGISTRYINDEX, m->function);
    const bool entered = script_enter(s);
    int status = lua_pcall(L, 0, 1, 0);
    script_leave(s, entered);
    if (status == LUA_OK)
        judge(m, L);
    else
        script_set_misused_by(s, L, status, m->line);
    lua_pop(L, 1);
}

static void tick(void *user)
{
    struct monitor *m = user;
    struct script *s = m->script;

    m->event = 0;
    check(m, s->L);
    if (script_over(s))
        script_stop(s, "%s", script_message(s));
    else if (m->kind != EVENTUALLY || !m->met)
        m->event = sim_at(s->sim, sim_now(s->sim) + PERIOD_NS, tick, m);
}

static int state(lua_State *L, enum kind kind, double tolerance, bool in_percent)
{
    struct script *s = script_of(L);
    struct monitor *m;

    luaL_checktype(L, 1, LUA_TFUNCTION);
    GPtrArray *list = script_family_list(s, &script_monitor_family);
    if (list->len >= 1000)
        return luaL_error(L, "at most 1000 conditions can be watched");
    lua_settop(L, 1);
    int function = luaL_ref(L, LUA_REGISTRYINDEX);
    m = g_new0(struct monitor, 1);
    *m = (struct monitor){ .script = s,
                           .kind = kind,
                           .function = function,
                           .line = sandbox_line(L),
                           .before = (double)NAN,
                           .tolerance = tolerance,
                           .in_percent = in_percent };
    g_ptr_array_add(list, m);
    check(m, L);
    if (script_over(s))
        return luaL_error(L, "%s", script_message(s));
    m->event = sim_at(s->sim, sim_now(s->sim) + PERIOD_NS, tick, m);
    return 0;
}

int script_always(lua_State *L)
{
    return state(L, ALWAYS, 0, false);
}

int script_never(lua_State *L)
{
    return state(L, NEVER, 0, false);
}

int script_eventually(lua_State *L)
{
    return state(L, EVENTUALLY, 0, false);
}

int script_monotonic(lua_State *L)
{
    return state(L, MONOTONIC, 0, false);
}

int script_conserved(lua_State *L)
{
    struct value v = { 0, DIMENSION_NUMBER };
    char error[VALUE_ERROR];

    if (lua_type(L, 2) == LUA_TNUMBER)
        v.value = lua_tonumber(L, 2);
    else if (!value_parse(luaL_checkstring(L, 2), &v, error))
        return luaL_error(L, "conserved: %s", error);
    if (!(v.value >= 0))
        return luaL_error(L, "conserved: the tolerance must not be below 0");
    return state(L, CONSERVED, v.value, v.dimension == DIMENSION_RATIO);
}

/* Numbers that must not fall or change are compared anew. */
static void restart_monitors(struct script *s, void *state)
{
    const GPtrArray *list = script_family_list(s, &script_monitor_family);

    (void)state;
    for (guint k = 0; k < list->len; k++)
        ((struct monitor *)g_ptr_array_index(list, k))->before = (double)NAN;
}

/* Last look at always, never and eventually. */
static void finish_monitors(struct script *s, void *state)
{
    const GPtrArray *list = script_family_list(s, &script_monitor_family);

    (void)state;
    for (guint k = 0; k < list->len && !script_over(s); k++) {
        struct monitor *m = g_ptr_array_index(list, k);
        if (m->kind != EVENTUALLY || !m->met)
            check(m, s->L);
        if (m->kind == EVENTUALLY && !m->met)
            fail(m, "what must eventually be true never was", "");
    }
}

const struct script_family script_monitor_family = { .free_item = free_monitor,
                                                     .clears = true,
                                                     .finish = finish_monitors,
                                                     .restored = restart_monitors };
