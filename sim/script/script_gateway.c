/* The verb gateway: makes a gateway before a line, or finds that of the program; its
 * object is a client of it. What it asks stands in script_gateway_ask.c. */
#include "sim/script/script_gateway.h"
#include "sim/line/line_unit.h"
#include "sim/lua/userdata.h"
#include "sim/record/observer.h"
#include "sim/script/script_line.h"
#include "sim/script/script_verbs.h"
#include <string.h>

#define OBJECT "gateway"

enum { SETTINGS_MAX = 40, GATEWAYS_MAX = 100 };

static GPtrArray *list_of(const struct script *s)
{
    return script_family_list(s, &script_gateway_family);
}

struct script_gateway *script_gateway_check(lua_State *L, int index)
{
    struct script_gateway **box = luaL_testudata(L, index, OBJECT);

    if (!box)
        luaL_error(L, "a gateway expected, found %s", luaL_typename(L, index));
    if ((*box)->over)
        luaL_error(L, "the gateway is gone");
    return *box;
}

/* --- settings --- */

static const char *const own[] = { "line", "client_timeout", "trusts" };

static void check_names(lua_State *L, int table)
{
    const char *names[SETTINGS_MAX];
    size_t count = 0;

    g_assert(bridge_row_count + (int)G_N_ELEMENTS(own) + 2 <= SETTINGS_MAX);
    for (; count < G_N_ELEMENTS(own); count++)
        names[count] = own[count];
    names[count++] = "kind";
    for (int k = 0; k < bridge_row_count; k++)
        names[count++] = bridge_rows[k].key;
    names[count] = NULL;
    args_names(L, table, "gateway", names);
}

/* The value as it would be typed; on top of the stack it stays. */
static const char *text_of(lua_State *L)
{
    if (lua_type(L, -1) != LUA_TBOOLEAN)
        return luaL_tolstring(L, -1, NULL);
    lua_pushstring(L, lua_toboolean(L, -1) ? "yes" : "no");
    return lua_tostring(L, -1);
}

static void set_option(lua_State *L, int table, const char *key,
                       struct bridge_options *o)
{
    const int top = lua_gettop(L);
    GError *error = NULL;

    if (lua_getfield(L, table, key) != LUA_TNIL &&
        !bridge_options_set(o, key, text_of(L), &error)) {
        lua_pushstring(L, error->message);
        g_error_free(error);
        luaL_error(L, "%s", lua_tostring(L, -1));
    }
    lua_settop(L, top);
}

/* The kind first: it sets all others. */
static void parse_options(lua_State *L, int table, struct bridge_options *o)
{
    set_option(L, table, "kind", o);
    for (int k = 0; k < bridge_row_count; k++)
        set_option(L, table, bridge_rows[k].key, o);
}

static void parse_client(lua_State *L, int table, struct script_gateway *g)
{
    const int top = lua_gettop(L);

    if (args_quantity(L, table, "gateway", "client_timeout", DIMENSION_TIME,
                      &g->timeout_s))
        args_range(L, g->timeout_s, 1e-3, 3600, "gateway: client_timeout");
    if (lua_getfield(L, table, "trusts") != LUA_TNIL)
        g->trusts = lua_toboolean(L, -1);
    lua_settop(L, top);
}

int script_gateway_set(lua_State *L)
{
    struct script_gateway *g = script_gateway_check(L, 1);
    struct bridge_options o = *bridge_options_of(g->bridge);

    lua_settop(L, 2);
    check_names(L, 2);
    if (lua_getfield(L, 2, "line") != LUA_TNIL)
        return luaL_error(L, "gateway: its line is given when it is made");
    parse_options(L, 2, &o);
    parse_client(L, 2, g);
    bridge_set_options(g->bridge, &o);
    return 0;
}

/* --- the object --- */

int script_gateway_took(lua_State *L)
{
    lua_pushnumber(L, script_gateway_check(L, 1)->took_s);
    return 1;
}

int script_gateway_counters(lua_State *L)
{
    struct bridge_counters c;

    bridge_counters(script_gateway_check(L, 1)->bridge, &c);
    const struct {
        const char *name;
        int64_t value;
    } rows[] = { { "requests", c.requests },
                 { "answers", c.answers },
                 { "exceptions", c.exceptions },
                 { "full", c.full },
                 { "dead", c.dead },
                 { "cached", c.cached },
                 { "refused", c.refused },
                 { "evicted", c.evicted },
                 { "clients", c.clients },
                 { "waiting", c.waiting } };
    lua_createtable(L, 0, G_N_ELEMENTS(rows));
    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++) {
        lua_pushinteger(L, rows[k].value);
        lua_setfield(L, -2, rows[k].name);
    }
    return 1;
}

static int get_field(lua_State *L)
{
    const struct script_words *words = script_of(L)->words;

    return verb_index(L, "a gateway", words->gateway_fields, words->gateway_methods);
}

static int refuse_assignment(lua_State *L)
{
    return luaL_error(L, "the fields of a gateway are read only; see g:set");
}

static struct script_gateway *push_object(lua_State *L, struct bridge *b)
{
    static const luaL_Reg functions[] = { { "__index", get_field },
                                          { "__newindex", refuse_assignment },
                                          { NULL, NULL } };
    struct script *s = script_of(L);

    if (list_of(s)->len >= GATEWAYS_MAX)
        luaL_error(L, "gateway: at most %d gateways and clients", GATEWAYS_MAX);
    struct script_gateway **box = userdata_push(L, sizeof *box, OBJECT, functions);
    struct script_gateway *g = *box = g_new0(struct script_gateway, 1);
    g->script = s;
    g->bridge = b;
    g->timeout_s = 1.5;
    g->input = g_byte_array_new();
    g_ptr_array_add(list_of(s), g);
    return g;
}

/* g:client { … }: one more client of this gateway. */
int script_gateway_client(lua_State *L)
{
    struct script_gateway *like = script_gateway_check(L, 1);
    static const char *const names[] = { "client_timeout", "trusts", NULL };

    lua_settop(L, 2);
    if (!lua_isnil(L, 2))
        args_names(L, 2, "gateway:client", names);
    struct script_gateway *g = push_object(L, like->bridge);
    g->timeout_s = like->timeout_s;
    g->trusts = like->trusts;
    if (!lua_isnil(L, 2))
        parse_client(L, 2, g);
    return 1;
}

/* --- making --- */

/* With all meters that hang on none. */
static struct line *make_line(struct script *s)
{
    struct line *l = line_new(s->sim, "line1", s->options.seed);

    for (guint k = 0; k < s->site.meters->len; k++) {
        struct site_meter *m = site_at(&s->site, k);
        if (!line_of_unit(m->unit) && line_meters(l) < LINE_METERS_MAX)
            line_attach_unit(l, m->unit, m->name);
    }
    if (s->options.observer)
        observer_line(s->options.observer, l);
    return l;
}

static struct line *line_for(lua_State *L, int table)
{
    struct script *s = script_of(L);
    struct line *l = line_at(s->sim, 0);

    if (lua_getfield(L, table, "line") != LUA_TNIL)
        l = script_line_check(L, lua_gettop(L))->line;
    lua_pop(L, 1);
    if (!l)
        l = make_line(s);
    if (bridge_of_line(l))
        luaL_error(L,
                   "gateway: %s has one already: gateway() is the first there is, "
                   "and g:client() another client of it",
                   line_name(l));
    return l;
}

int script_gateway(lua_State *L)
{
    struct script *s = script_of(L);
    struct bridge_options o;

    if (lua_isnoneornil(L, 1)) {
        if (!bridge_at(s->sim, 0))
            return luaL_error(L, "gateway: there is none: make one with gateway { … }, "
                                 "or serve it with --gateway");
        push_object(L, bridge_at(s->sim, 0));
        return 1;
    }
    lua_settop(L, 1);
    check_names(L, 1);
    bridge_options_start(&o);
    parse_options(L, 1, &o);
    struct bridge *b = bridge_new(line_for(L, 1), &o);
    if (!b)
        return luaL_error(L, "gateway: too many stations on the line");
    parse_client(L, 1, push_object(L, b));
    return 1;
}

/* The gateways stay with the simulation; the script is no client of them any more. */
static void end_gateways(struct script *s, void *state)
{
    const GPtrArray *list = list_of(s);

    (void)state;
    for (guint k = 0; k < list->len; k++) {
        struct script_gateway *g = g_ptr_array_index(list, k);
        if (g->over)
            continue;
        g->over = true;
        if (g->ask && g->ask->timeout)
            sim_cancel(s->sim, g->ask->timeout);
        g->ask = NULL;
        if (g->client)
            bridge_disconnect(g->client);
        g->client = NULL;
        g_byte_array_unref(g->input);
    }
}

static char *obstacle(struct script *s, void *state)
{
    (void)state;
    if (!list_of(s)->len)
        return NULL;
    return g_strdup("a gateway is in use, and what it has under way is not kept; do "
                    "without gateway { }");
}

const struct script_family script_gateway_family = { .free_item = g_free,
                                                     .end = end_gateways,
                                                     .obstacle = obstacle };
