/* See script_task.h. */
#include "sim/script/script_task.h"
#include "sim/script/script_family.h"
#include "sim/script/script_state.h"

struct task {
    struct script *script;
    lua_State *L;
    int reference; /* of the coroutine, in the registry */
    uint64_t wake;
    script_task_finished finished; /* NULL: how it ends is how the script ends */
    void *user;
};

enum { TASKS_MAX = 10000 };

struct tasks {
    void *running; /* user of the task that runs now, or NULL */
};

static GPtrArray *list_of(const struct script *s)
{
    return script_family_list(s, &script_task_family);
}

static void free_task(void *user)
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

static void forget(struct task *t)
{
    luaL_unref(t->script->L, LUA_REGISTRYINDEX, t->reference);
    g_ptr_array_remove_fast(list_of(t->script), t);
}

/* The scenario ends in an event of its own: a task may run inside a call of the
 * scenario's. */
static void run(struct task *t, int arguments)
{
    struct script *s = t->script;
    struct tasks *tasks = script_family_state(s, &script_task_family);
    int results;

    tasks->running = t->user;
    const bool entered = script_enter(s);
    int status = lua_resume(t->L, NULL, arguments, &results);
    const bool waits = status == LUA_YIELD && !script_over(s);
    if (!waits && t->finished)
        t->finished(t->user, t->L, status, results);
    script_leave(s, entered);
    tasks->running = NULL;
    if (waits) {
        lua_pop(t->L, results);
        return;
    }
    if (!t->finished && status != LUA_OK && status != LUA_YIELD)
        script_set_misused_by(s, t->L, status, 0);
    if (!t->finished && script_over(s))
        sim_at(s->sim, sim_now(s->sim), end_script, s);
    forget(t); /* a console goes on after errors */
}

static void wake(void *user)
{
    struct task *t = user;

    t->wake = 0;
    run(t, 0);
}

static bool wake_at(struct script *s, void *state, const lua_State *L, int64_t at_ns)
{
    const GPtrArray *list = list_of(s);

    (void)state;
    for (guint k = 0; k < list->len; k++) {
        struct task *t = g_ptr_array_index(list, k);
        if (t->L == L) {
            t->wake = sim_at(s->sim, at_ns, wake, t);
            return true;
        }
    }
    return false;
}

/* Runs in protected mode. */
static int new_thread(lua_State *L)
{
    struct task *t = lua_touserdata(L, 1);

    t->L = lua_newthread(L);
    t->reference = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

/* NULL when there is no room. */
static struct task *new_task(struct script *s)
{
    GPtrArray *list = list_of(s);
    struct task *t;

    if (list->len >= TASKS_MAX || !lua_checkstack(s->L, LUA_MINSTACK))
        return NULL;
    t = g_new0(struct task, 1);
    t->script = s;
    lua_pushcfunction(s->L, new_thread);
    lua_pushlightuserdata(s->L, t);
    if (lua_pcall(s->L, 1, 0, 0) != LUA_OK) {
        lua_pop(s->L, 1);
        g_free(t);
        return NULL;
    }
    g_ptr_array_add(list, t);
    return t;
}

bool script_task_run(struct script *s, lua_State *L, script_task_finished finished,
                     void *user)
{
    struct task *t = new_task(s);

    if (!t)
        return false;
    t->finished = finished;
    t->user = user;
    lua_xmove(L, t->L, 1);
    run(t, 0);
    return true;
}

void script_task_drop(struct script *s, const void *user)
{
    const GPtrArray *list = list_of(s);

    for (guint k = list->len; k-- > 0;) {
        struct task *t = g_ptr_array_index(list, k);
        if (t->finished && t->user == user)
            forget(t);
    }
}

void script_task_start(struct script *s, int function)
{
    struct task *t = new_task(s);

    if (!t) {
        script_set_misused(s, "too many functions run beside the scenario");
        sim_at(s->sim, sim_now(s->sim), end_script, s);
        return;
    }
    lua_rawgeti(t->L, LUA_REGISTRYINDEX, function);
    run(t, 0);
}

void *script_task_running(const struct script *s)
{
    return ((struct tasks *)script_family_state(s, &script_task_family))->running;
}

bool script_task_any(const struct script *s)
{
    return list_of(s)->len > 0;
}

const struct script_family script_task_family = { .size = sizeof(struct tasks),
                                                  .free_item = free_task,
                                                  .clears = true,
                                                  .wake_at = wake_at };
