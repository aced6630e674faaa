/* The verb line: makes a line, hangs meters on it, gives it a master. Its methods that
 * ask meters stand in script_line_ask.c, periodic ones in script_line_poll.c. */
#include "sim/script/script_line.h"
#include "sim/line/line_traffic.h"
#include "sim/line/line_unit.h"
#include "sim/lua/userdata.h"
#include "sim/record/observer.h"
#include "sim/script/script_family.h"
#include "sim/script/script_line_cable.h"
#include "sim/script/script_object.h"
#include "sim/script/script_serial.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <string.h>

#define OBJECT "line"

static const char *const fields[] = {
    "name",  "meters", "baud",        "parity",  "timeout",      "turnaround",
    "echo",  "noise",  "noise_width", "foreign", "other_master", "foreign_ids",
    "cable", "stub",   "terminators", "bias",    "shield",       NULL
};

/* Of a further master. */
static const char *const master_fields[] = { "baud",       "parity", "timeout",
                                             "turnaround", "echo",   "other_master",
                                             NULL };

static GPtrArray *list_of(const struct script *s)
{
    return script_family_list(s, &script_line_family);
}

struct script_line *script_line_check(lua_State *L, int index)
{
    struct script_line **box = luaL_testudata(L, index, OBJECT);

    if (!box)
        luaL_error(L, "a line expected, found %s", luaL_typename(L, index));
    if (!(*box)->master)
        luaL_error(L, "the line is gone");
    return *box;
}

static void attach(lua_State *L, struct script_line *b, struct site_meter *m)
{
    if (!line_attach_unit(b->line, m->unit, m->name))
        luaL_error(L, "line: at most %d meters on one line", LINE_METERS_MAX);
}

void script_lines_add_meter(struct script *s, struct site_meter *m)
{
    const GPtrArray *list = list_of(s);

    for (guint k = 0; k < list->len; k++) {
        struct script_line *b = g_ptr_array_index(list, k);
        if (b->takes_all && line_meters(b->line) < LINE_METERS_MAX)
            line_attach_unit(b->line, m->unit, m->name);
    }
}

/* The global `meters` (script_adopt.h) is such a list, with names besides. */
static void check_listed(lua_State *L, int list)
{
    const int top = lua_gettop(L);

    if (!lua_istable(L, list) && !luaL_getmetafield(L, list, "__len"))
        luaL_error(L, "line: meters: expected a list of meters, found %s",
                   luaL_typename(L, list));
    lua_settop(L, top);
}

static void attach_listed(lua_State *L, struct script_line *b, int list)
{
    check_listed(L, list);
    for (lua_Integer k = 1, count = luaL_len(L, list); k <= count; k++) {
        lua_geti(L, list, k);
        struct site_meter *m = script_meter_test(L, -1);
        if (!m)
            luaL_error(L, "line: meters: a list of meters");
        attach(L, b, m);
        lua_pop(L, 1);
    }
}

/* All that hang on no line. */
static void attach_free(lua_State *L, struct script_line *b)
{
    struct script *s = b->script;

    b->takes_all = true;
    for (guint k = 0; k < s->site.meters->len; k++) {
        struct site_meter *m = site_at(&s->site, k);
        if (!line_of_unit(m->unit))
            attach(L, b, m);
    }
}

static void parse_echo(lua_State *L, struct script_line *b)
{
    int type = lua_getfield(L, -1, "echo");

    if (type == LUA_TBOOLEAN)
        b->options.echo = lua_toboolean(L, -1) ? LINE_ECHO_HEARD : LINE_ECHO_NONE;
    else if (type == LUA_TSTRING && !strcmp(lua_tostring(L, -1), "removed"))
        b->options.echo = LINE_ECHO_REMOVED;
    else if (type != LUA_TNIL)
        luaL_error(L, "line: echo: true, false or \"removed\"");
    lua_pop(L, 1);
}

static void parse_time(lua_State *L, const char *field, double min, double *seconds)
{
    int table = lua_gettop(L);
    const char *what = lua_pushfstring(L, "line: %s", field);

    if (args_quantity(L, table, "line", field, DIMENSION_TIME, seconds))
        args_range(L, *seconds, min, 3600, what);
    lua_pop(L, 1);
}

/* The meters that other devices' master asks. */
static void parse_foreign_ids(lua_State *L, struct script_line *b)
{
    uint8_t id[LINE_FOREIGN_IDS];
    lua_Integer count = 0;

    if (lua_getfield(L, -1, "foreign_ids") != LUA_TNIL) {
        count = args_list(L, lua_gettop(L), "line: foreign_ids");
        if (count > LINE_FOREIGN_IDS)
            luaL_error(L, "line: foreign_ids: a list of up to %d ids",
                       LINE_FOREIGN_IDS);
        for (lua_Integer k = 1; k <= count; k++) {
            lua_geti(L, -1, k);
            args_range(L, (double)lua_tointeger(L, -1), 1, 247, "line: foreign_ids");
            id[k - 1] = (uint8_t)lua_tointeger(L, -1);
            lua_pop(L, 1);
        }
        line_set_foreign_ids(b->line, id, (int)count);
    }
    lua_pop(L, 1);
}

/* What a master has of its own; the table is on top. */
static void parse_master(lua_State *L, struct script_line *b)
{
    int table = lua_gettop(L);

    b->options.baud =
        (uint32_t)script_serial_baud(L, table, "line", (int)b->options.baud);
    b->options.parity =
        (enum hal_parity)script_serial_parity(L, table, "line", (int)b->options.parity);
    parse_echo(L, b);
    parse_time(L, "timeout", 1e-3, &b->timeout_s);
    parse_time(L, "turnaround", 0, &b->turnaround_s);
    b->other_master =
        args_flag(L, table, "line", "other_master") ||
        (b->other_master && lua_getfield(L, table, "other_master") == LUA_TNIL);
    lua_settop(L, table);
}

static void parse_fields(lua_State *L, struct script_line *b)
{
    int table = lua_gettop(L);

    parse_master(L, b);
    parse_time(L, "noise_width", 1e-6, &b->noise_width_s);
    parse_time(L, "foreign", 0, &b->foreign_s);
    if (args_quantity(L, table, "line", "noise", DIMENSION_NUMBER, &b->noise_per_s))
        args_range(L, b->noise_per_s, 0, 10000, "line: noise");
    lua_settop(L, table);
    parse_foreign_ids(L, b);
    if (script_line_cable_parse(L, b))
        line_set_cable(b->line, &b->cable);
}

static void apply(struct script_line *b, bool noise, bool foreign)
{
    line_master_set(b->master, &b->options);
    if (noise)
        line_set_noise(b->line, b->noise_per_s, value_ns(b->noise_width_s));
    if (foreign)
        line_set_foreign(b->line, value_ns(b->foreign_s), b->other_master);
}

static bool is_given(lua_State *L, int table, const char *field)
{
    bool given = lua_getfield(L, table, field) != LUA_TNIL;

    lua_pop(L, 1);
    return given;
}

/* line:set { … }: the same fields, but meters and name. */
int script_line_set(lua_State *L)
{
    struct script_line *b = script_line_check(L, 1);

    lua_settop(L, 2);
    args_names(L, 2, b->shares ? "line:master" : "line",
               b->shares ? master_fields : fields);
    if (b->shares) {
        parse_master(L, b);
        b->options.alone = b->other_master;
        line_master_set(b->master, &b->options);
        return 0;
    }
    if (is_given(L, 2, "meters") || is_given(L, 2, "name"))
        return luaL_error(L, "line: meters and name are given when a line is made");
    parse_fields(L, b);
    apply(b, is_given(L, 2, "noise") || is_given(L, 2, "noise_width"),
          is_given(L, 2, "foreign") || is_given(L, 2, "other_master"));
    return 0;
}

/* --- the object --- */

static int get_field(lua_State *L)
{
    const struct script_words *words = script_of(L)->words;

    return verb_index(L, "a line", words->line_fields, words->line_methods);
}

static int push_us(lua_State *L, int64_t ns)
{
    if (ns)
        lua_pushnumber(L, (double)ns / 1e3);
    else
        lua_pushnil(L);
    return 1;
}

int script_line_request_start(lua_State *L)
{
    return push_us(L, script_line_check(L, 1)->last.request_start_ns);
}

int script_line_request_end(lua_State *L)
{
    return push_us(L, script_line_check(L, 1)->last.request_end_ns);
}

int script_line_answer_start(lua_State *L)
{
    return push_us(L, script_line_check(L, 1)->last.answer_start_ns);
}

int script_line_answer_end(lua_State *L)
{
    return push_us(L, script_line_check(L, 1)->last.answer_end_ns);
}

int script_line_collisions(lua_State *L)
{
    struct line_counters c;

    line_counters(script_line_check(L, 1)->line, &c);
    lua_pushinteger(L, c.collisions);
    return 1;
}

int script_line_foreign(lua_State *L)
{
    struct line_counters c;

    line_counters(script_line_check(L, 1)->line, &c);
    lua_pushinteger(L, c.foreign);
    return 1;
}

static int to_text(lua_State *L)
{
    lua_pushstring(L, line_name(script_line_check(L, 1)->line));
    return 1;
}

static int refuse_assignment(lua_State *L)
{
    return luaL_error(L, "the fields of a line are read only; see line:set");
}

static struct script_line **push_object(lua_State *L)
{
    static const luaL_Reg functions[] = { { "__index", get_field },
                                          { "__newindex", refuse_assignment },
                                          { "__tostring", to_text },
                                          { NULL, NULL } };

    return userdata_push(L, sizeof(struct script_line *), OBJECT, functions);
}

/* With what every line and master begins. */
static struct script_line *add_line(struct script *s, struct line *line,
                                    const struct script_line *like)
{
    struct script_line *b = g_new0(struct script_line, 1);

    *b = *like;
    b->script = s;
    b->line = line;
    b->polls = g_ptr_array_new();
    b->master = line_master_new(line, &b->options);
    g_ptr_array_add(list_of(s), b);
    return b;
}

static struct script_line *new_line(struct script *s, const char *name)
{
    static const struct script_line usual = { .options = { .baud = 19200 },
                                              .timeout_s = 0.5,
                                              .turnaround_s = 0.1,
                                              .noise_width_s = 50e-6 };
    char numbered[LINE_NAME];

    g_snprintf(numbered, sizeof numbered, "line%u", list_of(s)->len + 1);
    struct line *line =
        line_new(s->sim, name ? name : numbered, s->options.seed + list_of(s)->len);
    if (s->options.observer)
        observer_line(s->options.observer, line);
    return add_line(s, line, &usual);
}

enum { LINES_MAX = 100 };

/* A line's master or a further one: its table, which may be left out, is at `table`. */
static void begin_master(lua_State *L, struct script *s, int table, const char *verb,
                         const char *const *names)
{
    if (lua_isnoneornil(L, table)) {
        lua_settop(L, table - 1);
        lua_createtable(L, 0, 0);
    }
    lua_settop(L, table);
    args_names(L, table, verb, names);
    if (list_of(s)->len >= LINES_MAX)
        luaL_error(L, "%s: at most %d lines and masters", verb, LINES_MAX);
}

int script_line_make(lua_State *L)
{
    struct script *s = script_of(L);

    begin_master(L, s, 1, "line", fields);
    const char *name = args_text(L, 1, "line", "name");
    bool listed = is_given(L, 1, "meters");
    for (guint k = 0; !listed && k < list_of(s)->len; k++)
        if (((struct script_line *)g_ptr_array_index(list_of(s), k))->takes_all)
            return luaL_error(L, "line: one line takes all meters; name those of "
                                 "another one with meters = { … }");
    struct script_line **box = push_object(L);
    struct script_line *b = *box = new_line(s, name);
    lua_pushvalue(L, 1);
    parse_fields(L, b);
    apply(b, b->noise_per_s > 0, b->foreign_s > 0);
    lua_pop(L, 1);
    if (listed) {
        lua_getfield(L, 1, "meters");
        attach_listed(L, b, lua_gettop(L));
        lua_pop(L, 1);
    } else {
        attach_free(L, b);
    }
    return 1;
}

/* line:master { … }: one more master on the line, by the settings of the first. */
int script_line_master(lua_State *L)
{
    struct script_line *first = script_line_check(L, 1);
    struct script *s = first->script;

    begin_master(L, s, 2, "line:master", master_fields);
    const struct script_line like = { .options = first->options,
                                      .timeout_s = first->timeout_s,
                                      .turnaround_s = first->turnaround_s,
                                      .shares = true };
    struct script_line **box = push_object(L);
    struct script_line *b = *box = add_line(s, first->line, &like);
    lua_pushvalue(L, 2);
    parse_master(L, b);
    b->options.alone = b->other_master;
    line_master_set(b->master, &b->options);
    lua_pop(L, 1);
    return 1;
}

/* The lines stay with the simulation, quiet. */
static void end_lines(struct script *s, void *state)
{
    const GPtrArray *list = list_of(s);

    (void)state;
    for (guint k = 0; k < list->len; k++) {
        struct script_line *b = g_ptr_array_index(list, k);
        if (!b->master)
            continue;
        g_ptr_array_unref(b->polls);
        line_master_free(b->master);
        b->master = NULL;
        if (b->noise_per_s > 0)
            line_set_noise(b->line, 0, 0);
        if (b->foreign_s > 0)
            line_set_foreign(b->line, 0, false);
    }
}

static char *obstacle(struct script *s, void *state)
{
    (void)state;
    if (!list_of(s)->len)
        return NULL;
    return g_strdup("a line of RS-485 is in use, and bytes under way are not kept; "
                    "do without line { }");
}

bool script_line_any(const struct script *s)
{
    return list_of(s)->len > 0;
}

const struct script_family script_line_family = { .free_item = g_free,
                                                  .end = end_lines,
                                                  .obstacle = obstacle };
