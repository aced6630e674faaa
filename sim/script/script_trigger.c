/* See script_trigger.h. */
#include "sim/script/script_trigger.h"
#include "sim/script/script_family.h"
#include "sim/script/script_object.h"
#include "sim/script/script_state.h"
#include "sim/script/script_task.h"
#include "sim/script/script_verbs.h"
#include "waveform/base/random.h"

/* A trigger costs as much as so many steps, so one that begins the next one at the same
 * instant meets their limit. */
enum { LOOK_NS = 10000000, TRIGGERS_MAX = 1000, STEPS = 100 };

enum kind { AFTER, EVERY, WHEN, ON_POLL };

struct trigger {
    struct script *script;
    enum kind kind;
    int function, condition; /* references in the registry */
    int line;
    int64_t period_ns;
    lua_Integer polls_left;
    bool over; /* its function has been called for the last time */
    const struct unit *unit;
    uint64_t event;
};

static void free_trigger(void *user)
{
    struct trigger *t = user;

    if (t->event)
        sim_cancel(t->script->sim, t->event);
    luaL_unref(t->script->L, LUA_REGISTRYINDEX, t->function);
    luaL_unref(t->script->L, LUA_REGISTRYINDEX, t->condition);
    g_free(t);
}

/* A condition or a period's function; an error in it ends the script. */
static bool ask(struct trigger *t, int function)
{
    struct script *s = t->script;
    bool value = false;

    lua_rawgeti(s->L, LUA_REGISTRYINDEX, function);
    const bool entered = script_enter(s);
    int status = lua_pcall(s->L, 0, 1, 0);
    script_leave(s, entered);
    if (status == LUA_OK)
        value = lua_toboolean(s->L, -1);
    else
        script_set_misused_by(s, s->L, status, t->line);
    lua_pop(s->L, 1);
    return value;
}

static void tick(void *user)
{
    struct trigger *t = user;
    struct script *s = t->script;

    t->event = 0;
    if (t->kind == WHEN && !ask(t, t->condition)) {
        if (script_over(s))
            script_end(s);
        else
            t->event = sim_at(s->sim, sim_now(s->sim) + LOOK_NS, tick, t);
        return;
    }
    if (t->kind == EVERY)
        t->event = sim_at(s->sim, sim_now(s->sim) + t->period_ns, tick, t);
    t->over = t->kind != EVERY;
    script_task_start(s, t->function);
}

static void free_over(GPtrArray *list)
{
    for (guint k = list->len; k-- > 0;)
        if (((struct trigger *)g_ptr_array_index(list, k))->over)
            g_ptr_array_remove_index(list, k);
}

static struct trigger *add(lua_State *L, enum kind kind, int function)
{
    struct script *s = script_of(L);
    GPtrArray *list = script_family_list(s, &script_trigger_family);
    struct trigger *t;

    luaL_checktype(L, function, LUA_TFUNCTION);
    sandbox_count_steps(L, STEPS);
    free_over(list);
    if (list->len >= TRIGGERS_MAX)
        luaL_error(L, "at most %d triggers", TRIGGERS_MAX);
    lua_settop(L, function);
    t = g_new0(struct trigger, 1);
    t->script = s;
    t->kind = kind;
    t->function = t->condition = LUA_NOREF;
    t->line = sandbox_line(L);
    g_ptr_array_add(list, t);
    t->function = luaL_ref(L, LUA_REGISTRYINDEX);
    return t;
}

static int at_time(lua_State *L, enum kind kind, const char *verb)
{
    struct script *s = script_of(L);
    int64_t ns = args_ns(L, 1, verb);

    if (kind == EVERY && ns < 1000000)
        return luaL_error(L, "every: the shortest period is \"1 ms\"");
    struct trigger *t = add(L, kind, 2);
    t->period_ns = ns;
    t->event = sim_at(s->sim, sim_now(s->sim) + ns, tick, t);
    return 0;
}

int script_after(lua_State *L)
{
    return at_time(L, AFTER, "after");
}

int script_every(lua_State *L)
{
    return at_time(L, EVERY, "every");
}

int script_when(lua_State *L)
{
    struct script *s = script_of(L);

    luaL_checktype(L, 1, LUA_TFUNCTION);
    struct trigger *t = add(L, WHEN, 2);
    t->condition = luaL_ref(L, LUA_REGISTRYINDEX);
    t->event = sim_at(s->sim, sim_now(s->sim), tick, t);
    return 0;
}

static bool is_due(const struct trigger *t)
{
    return t->kind == ON_POLL && t->polls_left == 0 && !t->over;
}

/* Its own functions cannot run while the script does: they are called before the next
 * request. */
static bool is_interrupted(const struct script *s)
{
    return s->runs && !others_is_program(s->sandbox.others);
}

/* Before the meter handles a request. What is called may change the list. */
static void before_request(void *user, const struct unit *unit)
{
    struct script *s = user;
    const GPtrArray *list = script_family_list(s, &script_trigger_family);
    guint k;

    for (k = 0; k < list->len; k++) {
        struct trigger *t = g_ptr_array_index(list, k);
        if (t->kind == ON_POLL && t->unit == unit && t->polls_left > 0)
            t->polls_left--;
    }
    for (k = 0; k < list->len && !script_over(s) && !is_interrupted(s);) {
        struct trigger *t = g_ptr_array_index(list, k++);
        if (!is_due(t))
            continue;
        t->over = true;
        script_task_start(s, t->function);
        k = 0;
    }
}

int script_on_poll(lua_State *L)
{
    struct site_meter *m = script_meter_check(L, 1);
    lua_Integer count = luaL_checkinteger(L, 2);

    luaL_argcheck(L, count >= 1, 2, "the next request is 1");
    struct trigger *t = add(L, ON_POLL, 3);
    t->unit = m->unit;
    t->polls_left = count;
    m->unit->before_request = before_request;
    m->unit->before_request_user = script_of(L);
    return 0;
}

static void end_triggers(struct script *s, void *state)
{
    (void)state;
    for (guint k = 0; k < s->site.meters->len; k++)
        site_at(&s->site, k)->unit->before_request = NULL;
}

const struct script_family script_trigger_family = { .free_item = free_trigger,
                                                     .clears = true,
                                                     .end = end_triggers };

int script_chance(lua_State *L)
{
    double p = args_value(L, 1, DIMENSION_RATIO, "chance");

    args_range(L, p, 0, 1, "chance");
    double random = random_share(&sandbox_of(L)->random);
    lua_pushboolean(L, random < p);
    return 1;
}
