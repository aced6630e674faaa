/* A script and its coroutine. See script.h. The first failure is kept: nothing that
 * runs afterwards (a pcall, a to-be-closed variable) can turn it into a success. */
#include "sim/script/script.h"
#include "sim/script/script_internal.h"
#include "sim/script/script_verbs.h"
#include "sim/site/site_fault.h"
#include <lualib.h>
#include <stdarg.h>
#include <string.h>

bool script_over(const struct script *s)
{
    return s->outcome != SCENARIO_RUNNING;
}

/* Whatever ends the script passes here, once. */
static void finish(struct script *s, enum scenario_outcome outcome, const char *message)
{
    if (script_over(s))
        return;
    char *valid = g_utf8_make_valid(message, -1);
    g_string_assign(s->message, valid);
    g_free(valid);
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
    char *message = g_strdup_printf("%s:%d: %s", s->name, line, text);

    finish(s, SCENARIO_FAILED, message);
    g_free(message);
}

void script_line(struct script *s, const char *line)
{
    char *valid = g_utf8_make_valid(line, -1);

    g_string_append_printf(s->log, "%s\n", valid);
    script_note(s, OBSERVED_LOG, NULL, 0, valid);
    if (s->options.print)
        s->options.print(s->options.user, valid);
    g_free(valid);
}

void script_set_passed(struct script *s)
{
    if (!script_over(s))
        script_monitors_finish(s);
    finish(s, SCENARIO_PASSED, "");
}

static void drop_triggers(struct script *s)
{
    for (guint k = 0; k < s->site.meters->len; k++)
        site_at(&s->site, k)->unit->before_request = NULL;
    g_ptr_array_set_size(s->triggers, 0);
    g_ptr_array_set_size(s->tasks, 0);
}

void script_revive(struct script *s)
{
    s->outcome = SCENARIO_RUNNING;
    g_string_truncate(s->message, 0);
}

/* A condition that was watched is no more: said, and over. */
static void end_watch(struct script *s)
{
    g_ptr_array_set_size(s->monitors, 0);
    if (s->options.print)
        s->options.print(s->options.user, s->message->str);
    script_revive(s);
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
    script_set_passed(s);
    if (s->outcome == SCENARIO_PASSED)
        script_keep_end(s);
    drop_triggers(s);
    script_lines_end(s);
    g_ptr_array_set_size(s->monitors, 0);
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
    const char *text = lua_tostring(L, -1);
    char *message;

    if (!line)
        line = sandbox_line(L);
    if (status == LUA_ERRMEM)
        message = g_strdup_printf("%s:%d: the script needs more than %zu MB of memory",
                                  s->name, line, s->options.memory_limit >> 20);
    else if (text)
        message = g_strdup(text);
    else
        message = g_strdup_printf("%s:%d: the script raised an error that is no text",
                                  s->name, line);
    script_set_misused(s, message);
    g_free(message);
}

/* In the process of a case the body becomes another one, which begins at once. */
static void resume(struct script *s)
{
    int results, status;

    do {
        s->begins_case = false;
        status = lua_resume(s->body, s->L, 0, &results);
    } while (s->begins_case);
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

    if (s->options.waits)
        s->options.waits(s->options.user, at_ns);
    if (!script_task_wake_at(s, L, at_ns))
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
    char *message = g_strdup_vprintf(format, list);
    va_end(list);
    script_set_misused(s, message);
    g_free(message);
    script_end(s);
}

static void compile(struct script *s, const char *text, size_t size)
{
    char *chunk = g_strconcat("@", s->name, NULL);

    s->body = lua_newthread(s->L);
    lua_setfield(s->L, LUA_REGISTRYINDEX, "body");
    int status = luaL_loadbufferx(s->body, text, size, chunk, "t");
    if (status != LUA_OK)
        script_set_misused_by(s, s->body, status, 1);
    g_free(chunk);
}

/* What editors put before UTF-8 is no part of the script. */
static size_t byte_order_mark(const char *text)
{
    return g_str_has_prefix(text, "\xEF\xBB\xBF") ? 3 : 0;
}

static void load_file(struct script *s)
{
    char *text = NULL;
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
    g_free(text);
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

struct script *script_of(lua_State *L)
{
    return sandbox_of(L)->host;
}

struct script *script_new(struct sim *sim, const struct script_options *options)
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
    s->message = g_string_new("");
    s->log = g_string_new("");
    site_init(&s->site, sim);
    s->site.fault_changed = script_note_fault;
    s->site.user = s;
    s->recordings = g_ptr_array_new();
    s->monitors = g_ptr_array_new_with_free_func(script_monitor_free);
    s->buses = g_ptr_array_new_with_free_func(g_free);
    s->tasks = g_ptr_array_new_with_free_func(script_task_free);
    s->triggers = g_ptr_array_new_with_free_func(script_trigger_free);
    s->cases = scenario_cases_new();
    s->case_fd = -1;
    s->cases_beside = script_cases_beside_new();
    s->has_ticket = s->options.jobs != NULL;
    s->saves = script_saves_new();
    s->sandbox = (struct sandbox){ .name = s->name,
                                   .verbs = script_verbs,
                                   .memory_limit = s->options.memory_limit,
                                   .step_limit = s->options.step_limit,
                                   .deadline_us = s->options.deadline_us,
                                   .random = options->seed,
                                   .host = s,
                                   .now_ns = now_ns,
                                   .over = over,
                                   .stop = stop };
    s->L = sandbox_new(&s->sandbox);
    if (!s->L)
        script_set_misused(s, "not enough memory for Lua");
    else if (!s->live)
        load_file(s);
    return s;
}

static void stop_recordings(struct script *s)
{
    for (guint k = 0; k < s->site.meters->len; k++) {
        struct site_meter *m = site_at(&s->site, k);
        if (m->plays)
            waveform_play(m->unit->world, NULL);
    }
    for (guint k = 0; k < s->recordings->len; k++)
        recording_free(g_ptr_array_index(s->recordings, k));
    g_ptr_array_unref(s->recordings);
}

void script_free(struct script *s)
{
    if (!s)
        return;
    if (s->wake)
        sim_cancel(s->sim, s->wake);
    drop_triggers(s);
    script_lines_end(s);
    g_ptr_array_unref(s->buses);
    g_ptr_array_unref(s->monitors);
    g_ptr_array_unref(s->triggers);
    g_ptr_array_unref(s->tasks);
    site_faults_restore(&s->site);
    stop_recordings(s);
    if (s->L)
        lua_close(s->L);
    site_clear(&s->site);
    g_ptr_array_unref(s->cases);
    g_array_unref(s->cases_beside);
    g_ptr_array_unref(s->saves);
    store_free(&s->end);
    g_free(s->end_problem);
    source_free(s->source);
    g_string_free(s->message, TRUE);
    g_string_free(s->log, TRUE);
    g_free(s->path);
    g_free(s->name);
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

GPtrArray *script_cases(const struct script *s)
{
    return s->cases;
}

int script_case_fd(const struct script *s)
{
    return s->case_fd;
}

const char *script_meter_name(const struct script *s, const struct unit *unit)
{
    const struct site_meter *m = site_find(&s->site, unit);

    return m ? m->name : NULL;
}
