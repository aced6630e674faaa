/* Lines of Lua from outside. See script_console.h. */
#include "sim/script/script_console.h"
#include "sim/lua/readonly.h"
#include "sim/script/script_adopt.h"
#include "sim/script/script_object.h"
#include "sim/script/script_screenshot.h"
#include "sim/script/script_state.h"
#include "sim/script/script_task.h"
#include "sim/script/script_verbs.h"
#include <string.h>

enum { STEPS_MAX = 2000000 /* some 20 ms */ };

struct script_console {
    struct script *script;
    struct pace *pace;
    void (*print)(void *user, const char *text);
    GPtrArray *lines; /* that run */
};

/* One that runs. */
struct line {
    struct script_console *console;
    script_console_answer answer;
    void *user;
    int64_t until_ns; /* held time goes on so far for it */
};

static struct script_console *console_of(lua_State *L)
{
    return script_of(L)->options.user;
}

static void print_line(void *user, const char *text)
{
    struct script_console *c = user;
    struct line *l = script_task_running(c->script);

    g_string_truncate(c->script->log, 0); /* kept by whoever reads the answers */
    c->print(l ? l->user : NULL, text);
}

/* Time that is held goes on as far as a line waits for. */
static void on_wait(void *user, int64_t at_ns)
{
    struct script_console *c = user;
    struct line *l = script_task_running(c->script);

    if (!pace_held(c->pace))
        return;
    if (l)
        l->until_ns = at_ns;
    pace_advance(c->pace, at_ns);
}

/* After a line is gone: held time goes on for those that are left, and no further. */
static void advance_anew(struct script_console *c)
{
    if (!pace_held(c->pace))
        return;
    pace_hold(c->pace);
    for (guint k = 0; k < c->lines->len; k++)
        pace_advance(c->pace,
                     ((struct line *)g_ptr_array_index(c->lines, k))->until_ns);
}

/* What lines wait for waits until time goes on. */
static void on_hold(void *user)
{
    struct script_console *c = user;

    pace_hold(c->pace);
    for (guint k = 0; k < c->lines->len; k++)
        ((struct line *)g_ptr_array_index(c->lines, k))->until_ns = 0;
}

/* The verbs that only a console has. */

static int go(lua_State *L)
{
    struct pace *pace = console_of(L)->pace;

    if (lua_type(L, 1) == LUA_TSTRING && !strcmp(lua_tostring(L, 1), "max"))
        pace_set_speed(pace, PACE_MAX);
    else if (!lua_isnoneornil(L, 1))
        pace_set_speed(pace,
                       args_range(L, luaL_checknumber(L, 1), 1e-3, 1e6, "go: speed"));
    pace_go(pace);
    return 0;
}

static int advance(lua_State *L)
{
    struct pace *pace = console_of(L)->pace;

    args_ns(L, 1, "advance");
    if (!pace_held(pace))
        pace_hold(pace);
    return script_wait(L);
}

static int refuse_meter(lua_State *L)
{
    return luaL_error(L,
                      "meter: a console takes the meters that there are (meters); new "
                      "ones are made by the scenario that is served");
}

const struct verb script_console_verbs[] = {
    { "advance", "duration",
      "holds time, lets that much of it pass as fast as the machine can, and answers "
      "then",
      advance },
    { "go", "[speed | \"max\"]", "lets time go on, at that speed", go },
    { "picture", "[meter] [, \"phasors\" | \"waves\"]",
      "the panel as a PNG in base64, for programs", script_picture },
    { NULL, NULL, NULL, NULL },
};

static void add_verbs(lua_State *L)
{
    for (const struct verb *v = script_console_verbs; v->name; v++)
        if (v->call) {
            sandbox_push_verb(L, v->call);
            lua_setglobal(L, v->name);
        }
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, SCRIPT_METERS);
    lua_setglobal(L, "meters");
    lua_pushcfunction(L, refuse_meter);
    lua_setglobal(L, "meter");
}

static int prepare(lua_State *L)
{
    add_verbs(L);
    readonly_globals(L);
    return 0;
}

struct script_console *script_console_new(struct sim *sim, struct pace *pace,
                                          const char *folder,
                                          void (*print)(void *user, const char *text))
{
    struct script_console *c = g_new0(struct script_console, 1);

    c->pace = pace;
    c->print = print;
    c->lines = g_ptr_array_new_with_free_func(g_free);
    c->script = script_new(sim, &(struct script_options){ .folder = folder,
                                                          .step_limit = STEPS_MAX,
                                                          .print = print_line,
                                                          .waits = on_wait,
                                                          .hold = on_hold,
                                                          .user = c });
    lua_pushcfunction(c->script->L, prepare);
    if (lua_pcall(c->script->L, 0, 0, 0) != LUA_OK)
        g_error("not enough memory for a console");
    return c;
}

void script_console_free(struct script_console *c)
{
    if (!c)
        return;
    script_free(c->script);
    g_ptr_array_unref(c->lines);
    g_free(c);
}

void script_console_adopt(struct script_console *c, struct unit *unit, const char *name)
{
    script_adopt(c->script, unit, name);
}

/* Is what the message finds unexpected the beginning of the text? */
static bool refuses_all(const char *message, const char *text)
{
    static const char found[] = "unexpected symbol near '";
    const char *token = strstr(message, found);

    if (!token)
        return false;
    token += strlen(found);
    return !strncmp(text + strspn(text, " \t"), token, strlen(token) - 1);
}

/* As an expression first: "meters.meter1.kw_total" is worth an answer. When it is
 * neither that nor a statement, and does not even begin as a statement, what is wrong
 * with the expression is left on the stack. */
static int load_text(lua_State *L, const char *text)
{
    g_autofree char *expression = g_strconcat("return ", text, NULL);
    int status = luaL_loadbufferx(L, expression, strlen(expression), "=console", "t");

    if (status == LUA_OK)
        return status;
    status = luaL_loadbufferx(L, text, strlen(text), "=console", "t");
    if (status == LUA_ERRSYNTAX && refuses_all(lua_tostring(L, -1), text) &&
        !refuses_all(lua_tostring(L, -2), text))
        lua_pop(L, 1);
    else
        lua_remove(L, -2);
    return status;
}

/* To be freed. */
static char *error_of(struct script *s, lua_State *L, int status)
{
    char *text = NULL, *refusal;

    if (script_over(s) && script_message(s)[0])
        return g_strdup(script_message(s));
    if (status == LUA_ERRMEM) {
        refusal = sandbox_refusal(&s->sandbox);
        text = g_strdup_printf("not enough memory (%s); globals of the console take it",
                               refusal);
        g_free(refusal);
        return text;
    }
    if (status != LUA_OK && status != LUA_YIELD)
        text = sandbox_error_text(L);
    return text ? text : g_strdup("an error that is no text");
}

static void finished(void *user, lua_State *L, int status, int results)
{
    struct line *l = user;
    struct script *s = l->console->script;
    bool over = script_over(s);
    g_autofree char *error = status == LUA_OK && !over ? NULL : error_of(s, L, status);

    l->answer(l->user, error, L, lua_gettop(L) - results + 1, results);
    others_hold(s->sandbox.others);
    if (over)
        script_revive(s);
    g_ptr_array_remove_fast(l->console->lines, l);
}

void script_console_run(struct script_console *c, const char *text,
                        script_console_answer answer, void *user)
{
    struct script *s = c->script;
    struct line *l = g_new(struct line, 1);

    *l = (struct line){ c, answer, user, 0 };
    sim_settle(s->sim);           /* meters that take turns may be behind */
    sandbox_restart(&s->sandbox); /* of each line, though time stands still */
    const bool entered = script_enter(s);
    int status = load_text(s->L, text);
    script_leave(s, entered);
    g_ptr_array_add(c->lines, l);
    if (status == LUA_OK && script_task_run(s, s->L, finished, l))
        return;
    g_autofree char *error = status == LUA_OK
                                 ? g_strdup("too much is under way, or no memory")
                                 : error_of(s, s->L, status);
    answer(user, error, s->L, 0, 0);
    lua_settop(s->L, 0);
    g_ptr_array_remove_fast(c->lines, l);
}

void script_console_drop(struct script_console *c, const void *user)
{
    for (guint k = c->lines->len; k-- > 0;) {
        struct line *l = g_ptr_array_index(c->lines, k);
        if (l->user != user)
            continue;
        script_task_drop(c->script, l);
        g_ptr_array_remove_index_fast(c->lines, k);
        advance_anew(c);
    }
}

static void offer(GPtrArray *found, const char *prefix, const char *name,
                  const char *typed)
{
    if (g_str_has_prefix(name, typed))
        g_ptr_array_add(found, g_strconcat(prefix, name, NULL));
}

static void offer_keys(lua_State *L, GPtrArray *found, const char *prefix,
                       const char *typed)
{
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            offer(found, prefix, lua_tostring(L, -2), typed);
}

static void offer_meter(GPtrArray *found, const char *prefix, char between,
                        const char *typed)
{
    for (int q = 0; between == '.' && q < QUANTITIES; q++)
        offer(found, prefix, quantity_table[q].name, typed);
    for (const struct verb *v = script_all_words.meter_fields;
         between == '.' && v->name; v++)
        offer(found, prefix, v->name, typed);
    for (const struct verb *v = script_all_words.meter_methods; v->name; v++)
        offer(found, prefix, v->name, typed);
}

/* Goes from the globals along "meters.meter1" without calling anything of a script; the
 * value is pushed, nil where the path ends. */
static void push_path(lua_State *L, char **names)
{
    lua_pushglobaltable(L);
    for (char **name = names; *name; name++) {
        if (name == names) {
            lua_getglobal(L, *name); /* an error if there is none */
        } else if (lua_istable(L, -1) || readonly_unwrap(L)) {
            lua_pushstring(L, *name);
            lua_rawget(L, -2);
        } else {
            lua_pushnil(L);
        }
        lua_remove(L, -2);
    }
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct completion {
    const char *text, *cut; /* the last dot or colon in it; NULL: none */
    const char *prefix;     /* up to there */
    char **names;           /* along the path to it */
    GPtrArray *found;
};

/* Runs in protected mode. */
static int complete(lua_State *L)
{
    struct completion *c = lua_touserdata(L, 1);

    if (!c->cut) {
        lua_pushglobaltable(L);
        offer_keys(L, c->found, "", c->text);
        readonly_unwrap(L);
        offer_keys(L, c->found, "", c->text);
        return 0;
    }
    push_path(L, c->names);
    if (script_meter_test(L, -1))
        offer_meter(c->found, c->prefix, *c->cut, c->cut + 1);
    else if (lua_istable(L, -1) || readonly_unwrap(L))
        offer_keys(L, c->found, c->prefix, c->cut + 1);
    return 0;
}

GPtrArray *script_console_complete(struct script_console *c, const char *text)
{
    const char *dot = strrchr(text, '.'), *colon = strrchr(text, ':');
    const char *cut = dot > colon ? dot : colon;
    g_autofree char *path = g_strndup(text, cut ? (gsize)(cut - text) : 0);
    g_autofree char *prefix = cut ? g_strndup(text, (gsize)(cut - text) + 1) : NULL;
    struct completion completion = { text, cut, prefix, g_strsplit(path, ".", -1),
                                     g_ptr_array_new_with_free_func(g_free) };
    lua_State *L = c->script->L;

    lua_pushcfunction(L, complete);
    lua_pushlightuserdata(L, &completion);
    const bool entered = script_enter(c->script);
    if (lua_pcall(L, 1, 0, 0) != LUA_OK)
        lua_pop(L, 1);
    script_leave(c->script, entered);
    g_strfreev(completion.names);
    g_ptr_array_sort(completion.found, by_text);
    return completion.found;
}
