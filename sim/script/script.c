/* A script and its coroutine. See script.h. The first failure is kept: nothing that
 * runs afterwards (a pcall, a to-be-closed variable) can turn it into a success. */
#include "sim/script/script.h"
#include "sim/script/script_family.h"
#include "sim/script/script_note.h"
#include "sim/script/script_state.h"
#include "sim/site/site_fault.h"
#include <lualib.h>
#include <stdarg.h>
#include <string.h>

/* Time of the processor at one instant of simulated time, where others are served: a
 * few instructions may go through long strings, which no step counts. */
enum { LINE_LIMIT_US = 1000000, LIVE_LIMIT_US = 10000000 };

/* Whatever ends the script passes here, once. */
static void finish(struct script *s, enum scenario_outcome outcome, const char *message)
{
    if (script_over(s))
        return;
    g_autofree char *valid = g_utf8_make_valid(message, -1);
    g_string_assign(s->message, valid);
    if (outcome != SCENARIO_PASSED)
        script_note_end(s, s->message->str);
    s->outcome = outcome;
}

void script_set_misused(struct script *s, const char *message)
{
    finish(s, SCENARIO_MISUSED, message);
}

void script_set_failed(struct script *s, int line, const char *text)
{
    g_autofree char *message = g_strdup_printf("%s:%d: %s", s->name, line, text);

    finish(s, SCENARIO_FAILED, message);
}

int script_skip(lua_State *L, const char *why)
{
    finish(script_of(L), SCENARIO_SKIPPED, why);
    return luaL_error(L, "%s", why);
}

void script_line(struct script *s, const char *line)
{
    g_autofree char *valid = g_utf8_make_valid(line, -1);

    g_string_append_printf(s->log, "%s\n", valid);
    script_note(s, OBSERVED_LOG, NULL, 0, valid);
    if (s->options.print)
        s->options.print(s->options.user, valid);
}

typedef void (*hook)(struct script *s, void *state);

/* The hook at this offset, of every family. */
static void call_families(struct script *s, size_t offset)
{
    for (int k = 0; s->families[k]; k++) {
        const hook call = *(const hook *)((const char *)s->families[k] + offset);
        if (call)
            call(s, s->state[k]);
    }
}

#define CALL_FAMILIES(s, hook) call_families(s, offsetof(struct script_family, hook))

static int index_of(const struct script *s, const struct script_family *family)
{
    int k = 0;

    while (s->families[k] != family)
        k++;
    return k;
}

void *script_family_state(const struct script *s, const struct script_family *family)
{
    return s->state[index_of(s, family)];
}

GPtrArray *script_family_list(const struct script *s,
                              const struct script_family *family)
{
    return s->list[index_of(s, family)];
}

static void open_families(struct script *s)
{
    const int count = index_of(s, NULL);

    s->state = g_new0(void *, count);
    s->list = g_new0(GPtrArray *, count);
    for (int k = 0; k < count; k++) {
        s->state[k] = g_malloc0(s->families[k]->size);
        s->list[k] = g_ptr_array_new_with_free_func(s->families[k]->free_item);
    }
    CALL_FAMILIES(s, open);
}

static void end_families(struct script *s)
{
    CALL_FAMILIES(s, end);
    for (int k = 0; s->families[k]; k++)
        if (s->families[k]->clears)
            g_ptr_array_set_size(s->list[k], 0);
}

static void close_families(struct script *s)
{
    end_families(s);
    site_faults_restore(&s->site);
    CALL_FAMILIES(s, close);
    for (int k = 0; s->families[k]; k++) {
        g_ptr_array_unref(s->list[k]);
        g_free(s->state[k]);
    }
    g_free(s->list);
    g_free(s->state);
}

char *script_obstacle(struct script *s)
{
    char *why = NULL;

    for (int k = 0; s->families[k] && !why; k++)
        if (s->families[k]->obstacle)
            why = s->families[k]->obstacle(s, s->state[k]);
    return why;
}

void script_restored(struct script *s)
{
    CALL_FAMILIES(s, restored);
}

void script_revive(struct script *s)
{
    s->outcome = SCENARIO_RUNNING;
    g_string_truncate(s->message, 0);
}

/* A condition that was watched has failed: that is reported, and nothing is watched any
 * more. */
static void end_watch(struct script *s)
{
    for (int k = 0; s->families[k]; k++)
        if (s->families[k]->finish)
            g_ptr_array_set_size(s->list[k], 0);
    if (s->options.print && script_over(s)) /* else it was reported before */
        s->options.print(s->options.user, s->message->str);
    script_revive(s);
}

/* It has come to its end: after the last look at what is watched. */
static void set_passed(struct script *s)
{
    if (!script_over(s))
        CALL_FAMILIES(s, finish);
    finish(s, SCENARIO_PASSED, "");
}

/* After the body has returned or anything failed. */
void script_end(struct script *s)
{
    if (s->ended)
        return;
    if (s->live) {
        end_watch(s);
        return;
    }
    s->ended = true;
    set_passed(s);
    if (s->outcome == SCENARIO_PASSED)
        CALL_FAMILIES(s, passed);
    end_families(s);
    if (!s->options.keeps_faults || s->outcome != SCENARIO_PASSED)
        site_faults_restore(&s->site);
    if (s->wake)
        sim_cancel(s->sim, s->wake);
    s->wake = 0;
    if (s->options.done)
        s->options.done(s->options.user);
}

void script_set_misused_by(struct script *s, lua_State *L, int status, int line)
{
    g_autofree char *text = status == LUA_ERRMEM ? NULL : sandbox_error_text(L);
    char *message, *refusal;

    if (!line)
        line = sandbox_line(L);
    if (status == LUA_ERRMEM) {
        refusal = sandbox_refusal(&s->sandbox);
        message = g_strdup_printf("%s:%d: the script needs %s", s->name, line, refusal);
        g_free(refusal);
    } else if (text) {
        message = g_strdup(text);
    } else {
        message = g_strdup_printf("%s:%d: the script raised an error that is no text",
                                  s->name, line);
    }
    script_set_misused(s, message);
    g_free(message);
}

bool script_enter(struct script *s)
{
    const bool ran = s->runs;

    if (!others_is_program(s->sandbox.others))
        return false;
    s->runs = true;
    const bool entered = others_begin(s->sandbox.others);
    if (!entered)
        s->runs = ran;
    return entered;
}

void script_leave(struct script *s, bool entered)
{
    if (!entered)
        return;
    others_end(s->sandbox.others);
    s->runs = false;
}

/* In the process of a case the body becomes another one, which begins at once. */
static void resume(struct script *s)
{
    const bool entered = script_enter(s);
    int results, status;

    do {
        s->begins_case = false;
        status = lua_resume(s->body, s->L, 0, &results);
    } while (s->begins_case);
    script_leave(s, entered);
    if (status == LUA_YIELD && !script_over(s)) {
        lua_pop(s->body, results);
        return;
    }
    if (status != LUA_OK && status != LUA_YIELD)
        script_set_misused_by(s, s->body, status, 0);
    script_end(s);
}

static void wake(void *user)
{
    struct script *s = user;

    s->wake = 0;
    resume(s);
}

void script_wake_at(lua_State *L, int64_t at_ns)
{
    struct script *s = script_of(L);

    const char *why =
        s->options.refuses ? s->options.refuses(s->options.user, at_ns) : NULL;
    if (why)
        script_skip(L, why);
    if (s->options.waits)
        s->options.waits(s->options.user, at_ns);
    for (int k = 0; s->families[k]; k++)
        if (s->families[k]->wake_at &&
            s->families[k]->wake_at(s, s->state[k], L, at_ns))
            return;
    if (L == s->body) /* else it was dropped */
        s->wake = sim_at(s->sim, at_ns, wake, s);
}

void script_start(struct script *s)
{
    if (script_over(s))
        script_end(s);
    else
        resume(s);
}

void script_stop(struct script *s, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    g_autofree char *message = g_strdup_vprintf(format, list);
    va_end(list);
    script_set_misused(s, message);
    script_end(s);
}

/* Runs in protected mode. */
static int new_body(lua_State *L)
{
    script_of(L)->body = lua_newthread(L);
    lua_setfield(L, LUA_REGISTRYINDEX, "body");
    return 0;
}

static void compile(struct script *s, const char *text, size_t size)
{
    g_autofree char *chunk = g_strconcat("@", s->name, NULL);
    lua_State *L = s->L;

    lua_pushcfunction(L, new_body);
    int status = lua_pcall(L, 0, 0, 0);
    if (status == LUA_OK) {
        L = s->body;
        status = luaL_loadbufferx(L, text, size, chunk, "t");
    }
    if (status != LUA_OK)
        script_set_misused_by(s, L, status, 1);
}

/* What editors put before UTF-8 is no part of the script. */
static size_t byte_order_mark(const char *text)
{
    return g_str_has_prefix(text, "\xEF\xBB\xBF") ? 3 : 0;
}

static void load_file(struct script *s)
{
    g_autofree char *text = NULL;
    gsize size = 0;
    GError *error = NULL;

    if (!g_file_get_contents(s->path, &text, &size, &error)) {
        script_set_misused(s, error->message);
        g_error_free(error);
        return;
    }
    size_t mark = byte_order_mark(text);
    if (text[mark] == LUA_SIGNATURE[0]) {
        char *message =
            g_strdup_printf("%s:1: this is compiled Lua; give its source", s->name);
        script_set_misused(s, message);
        g_free(message);
    } else {
        s->source = source_new(text + mark, "expect");
        compile(s, text + mark, size - mark);
    }
}

static int64_t now_ns(const void *user)
{
    return sim_now(((const struct script *)user)->sim);
}

static bool over(const void *user)
{
    return script_over(user);
}

static const char *stop(void *user, const char *why)
{
    struct script *s = user;

    script_set_misused(s, why);
    return s->message->str;
}

static void open_sandbox(struct script *s)
{
    s->sandbox = (struct sandbox){ .name = s->name,
                                   .verbs = s->words->verbs,
                                   .memory_limit = s->options.memory_limit,
                                   .step_limit = s->options.step_limit,
                                   .deadline_us = s->options.deadline_us,
                                   .random = s->options.seed,
                                   .host = s,
                                   .now_ns = now_ns,
                                   .over = over,
                                   .stop = stop };
    if (sim_others(s->sim)) {
        s->sandbox.others = sim_others(s->sim);
        s->sandbox.busy_limit_us = s->live ? LINE_LIMIT_US : LIVE_LIMIT_US;
    }
    s->L = sandbox_new(&s->sandbox);
    if (!s->L)
        script_set_misused(s, "not enough memory for Lua");
}

struct script *script_new_with(struct sim *sim, const struct script_options *options,
                               const struct script_words *words,
                               const struct script_family *const *families)
{
    struct script *s = g_new0(struct script, 1);

    s->options = *options;
    if (!s->options.step_limit)
        s->options.step_limit = SCRIPT_STEP_LIMIT;
    if (!s->options.memory_limit)
        s->options.memory_limit = SCRIPT_MEMORY_LIMIT;
    s->sim = sim;
    s->live = !options->path;
    s->path = g_strdup(options->path);
    s->name = s->live ? g_strdup("console") : g_path_get_basename(options->path);
    s->folder = s->live ? g_strdup(options->folder) : g_path_get_dirname(options->path);
    s->message = g_string_new("");
    s->log = g_string_new("");
    site_init(&s->site, sim);
    s->site.fault_changed = script_note_fault;
    s->site.user = s;
    s->words = words;
    s->families = families;
    open_families(s);
    open_sandbox(s);
    if (s->L && !s->live)
        load_file(s);
    return s;
}

void script_free(struct script *s)
{
    if (!s)
        return;
    if (s->wake)
        sim_cancel(s->sim, s->wake);
    close_families(s);
    if (s->L)
        lua_close(s->L);
    site_clear(&s->site);
    source_free(s->source);
    g_string_free(s->message, TRUE);
    g_string_free(s->log, TRUE);
    g_free(s->path);
    g_free(s->name);
    g_free(s->folder);
    g_free(s);
}

enum scenario_outcome script_outcome(const struct script *s)
{
    return s->outcome;
}

const char *script_message(const struct script *s)
{
    return s->message->str;
}

const char *script_log(const struct script *s)
{
    return s->log->str;
}

int64_t script_checks(const struct script *s)
{
    return s->checks;
}

const char *script_meter_name(const struct script *s, const struct unit *unit)
{
    const struct site_meter *m = site_find(&s->site, unit);

    return m ? m->name : NULL;
}
