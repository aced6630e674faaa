/* Functions that run beside the scenario, each a coroutine of its own in simulated time:
 * what triggers call (script_trigger.c). They may wait. They end with the scenario. */
#include "sim/script_internal.h"

struct task {
    struct script *script;
    lua_State *L;
    int reference; /* of the coroutine, in the registry */
    uint64_t wake;
};

enum { TASKS_MOST = 10000 };

void script_task_free(void *user)
{
    struct task *t = user;

    if (t->wake)
        sim_cancel(t->script->sim, t->wake);
    g_free(t);
}

static void end_script(void *user)
{
    script_end(user);
}

/* The scenario ends in an event of its own: a task may run inside a call of the
 * scenario's. */
static void run(struct task *t, int arguments)
{
    struct script *s = t->script;
    int results;
    int status = lua_resume(t->L, NULL, arguments, &results);

    if (status == LUA_YIELD && !script_over(s)) {
        lua_pop(t->L, results);
        return;
    }
    if (status != LUA_OK && status != LUA_YIELD)
        script_set_misused_by(s, t->L, status);
    if (script_over(s))
        sim_at(s->sim, sim_now(s->sim), end_script, s);
    else {
        luaL_unref(s->L, LUA_REGISTRYINDEX, t->reference);
        g_ptr_array_remove_fast(s->tasks, t);
    }
}

static void wake(void *user)
{
    struct task *t = user;

    t->wake = 0;
    run(t, 0);
}

bool script_task_wake_at(struct script *s, const lua_State *L, int64_t at_ns)
{
    for (guint k = 0; k < s->tasks->len; k++) {
        struct task *t = g_ptr_array_index(s->tasks, k);
        if (t->L == L) {
            t->wake = sim_at(s->sim, at_ns, wake, t);
            return true;
        }
    }
    return false;
}

/* Runs in protected mode: pushes the coroutine. */
static int new_thread(lua_State *L)
{
    lua_newthread(L);
    return 1;
}

void script_task_start(struct script *s, int function)
{
    struct task *t;

    lua_pushcfunction(s->L, new_thread);
    if (s->tasks->len >= TASKS_MOST || lua_pcall(s->L, 0, 1, 0) != LUA_OK) {
        script_set_misused(s, "too many functions run beside the scenario");
        sim_at(s->sim, sim_now(s->sim), end_script, s);
        return;
    }
    t = g_new0(struct task, 1);
    t->script = s;
    t->L = lua_tothread(s->L, -1);
    t->reference = luaL_ref(s->L, LUA_REGISTRYINDEX);
    g_ptr_array_add(s->tasks, t);
    lua_rawgeti(t->L, LUA_REGISTRYINDEX, function);
    run(t, 0);
}
