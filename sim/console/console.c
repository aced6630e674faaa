/* The console of a running simulation. See console.h. */
#include "sim/console/console.h"
#include "sim/console/console_socket.h"
#include "sim/lua/json.h"
#include "sim/program/error.h"
#include "sim/script/script_console.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct console {
    struct sim *sim;
    struct console_socket *socket;
    struct script_console *script;
    GHashTable *asked; /* client → struct request */
    char *path;        /* NULL: there is no socket */
};

/* What a client waits for. */
struct request {
    struct console *console;
    console_answer answer;
    void *client;
    JsonNode *id; /* or NULL */
    GString *printed;
};

static void request_free(void *user)
{
    struct request *r = user;

    g_clear_pointer(&r->id, json_node_unref);
    g_string_free(r->printed, TRUE);
    g_free(r);
}

static void on_print(void *user, const char *text)
{
    struct request *r = user;

    if (!r)
        error_warn("console: %s", text);
    else if (r->printed->len < CONSOLE_LINE_MAX)
        g_string_append_printf(r->printed, "%s\n", text);
}

static void add(JsonObject *o, const char *name, JsonNode *value)
{
    json_object_set_member(o, name, value);
}

static void send_answer(struct request *r, JsonObject *o)
{
    g_autoptr(JsonNode) root = json_node_new(JSON_NODE_OBJECT);

    if (r->id)
        add(o, "id", json_node_copy(r->id));
    if (r->printed->len)
        json_object_set_string_member(o, "printed", r->printed->str);
    json_object_set_double_member(o, "time", (double)sim_now(r->console->sim) / 1e9);
    json_node_take_object(root, o);
    g_autofree char *text = json_to_string(root, FALSE);
    g_autofree char *valid =
        g_utf8_make_valid(text, -1); /* keys and names may be any bytes */
    const console_answer answer = r->answer;
    void *client = r->client;
    g_hash_table_remove(r->console->asked, client);
    answer(client, valid);
}

static void on_answer(void *user, const char *error, lua_State *L, int first, int count)
{
    JsonObject *o = json_object_new();

    json_object_set_boolean_member(o, "ok", !error);
    if (error) {
        json_object_set_string_member(o, "error", error);
    } else if (count) {
        add(o, "value", json_of_lua(L, first, count));
    }
    send_answer(user, o);
}

static void answer_completions(struct request *r, const char *text)
{
    g_autoptr(GPtrArray) names = script_console_complete(r->console->script, text);
    JsonObject *o = json_object_new();
    JsonArray *array = json_array_new();

    for (guint k = 0; k < names->len; k++)
        json_array_add_string_element(array, g_ptr_array_index(names, k));
    json_object_set_boolean_member(o, "ok", TRUE);
    json_object_set_array_member(o, "value", array);
    send_answer(r, o);
}

/* The string member, or NULL. */
static const char *text_member(JsonObject *o, const char *name)
{
    JsonNode *node = json_object_get_member(o, name);

    return node && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

static void serve_object(struct request *r, JsonObject *o)
{
    const char *lua = text_member(o, "lua"), *complete = text_member(o, "complete");

    if (json_object_has_member(o, "id"))
        r->id = json_node_copy(json_object_get_member(o, "id"));
    if (lua)
        script_console_run(r->console->script, lua, on_answer, r);
    else if (complete)
        answer_completions(r, complete);
    else
        on_answer(r, "a request is { \"lua\": \"…\" } or { \"complete\": \"…\" }", NULL,
                  0, 0);
}

/* No statement of Lua begins with a brace, so such a line is JSON. */
static void serve_json(struct request *r, const char *line)
{
    g_autoptr(JsonParser) parser = json_parser_new_immutable();
    GError *error = NULL;

    if (!json_parser_load_from_data(parser, line, -1, &error)) {
        g_autofree char *text =
            g_strdup_printf("a line that begins with { must be a request in "
                            "JSON: %s",
                            error->message);
        on_answer(r, text, NULL, 0, 0);
        g_error_free(error);
    } else if (!JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser))) {
        on_answer(r, "a request in JSON is an object", NULL, 0, 0);
    } else {
        serve_object(r, json_node_get_object(json_parser_get_root(parser)));
    }
}

void console_ask(struct console *c, const char *line, console_answer answer,
                 void *client)
{
    struct request *r = g_new0(struct request, 1);

    *r = (struct request){ c, answer, client, NULL, g_string_new("") };
    g_hash_table_insert(c->asked, client, r);
    if (*line == '{')
        serve_json(r, line);
    else
        script_console_run(c->script, line, on_answer, r);
}

void console_forget(struct console *c, void *client)
{
    struct request *r = g_hash_table_lookup(c->asked, client);

    if (!r)
        return;
    script_console_drop(c->script, r);
    g_hash_table_remove(c->asked, client);
}

static void answer_socket(void *client, const char *json)
{
    console_client_answer(client, json);
}

static void on_line(void *user, struct console_client *client, const char *line)
{
    console_ask(user, line, answer_socket, client);
}

static void on_gone(void *user, struct console_client *client)
{
    console_forget(user, client);
}

char *console_folder(GError **error)
{
    const char *runtime = g_getenv("XDG_RUNTIME_DIR");
    char *folder = runtime ? g_build_filename(runtime, "metersim", NULL)
                           : g_strdup_printf("/tmp/metersim-%u", (unsigned)geteuid());
    struct stat at;

    if ((g_mkdir(folder, 0700) && errno != EEXIST) || lstat(folder, &at) ||
        !S_ISDIR(at.st_mode) || at.st_uid != geteuid() || at.st_mode & 077) {
        error_set(error, "%s is no folder that only this user can enter", folder);
        g_clear_pointer(&folder, g_free);
    }
    return folder;
}

static char *default_path(GError **error)
{
    char *folder = console_folder(error), name[32];

    if (!folder)
        return NULL;
    console_socket_sweep(folder);
    g_snprintf(name, sizeof name, "%d.sock", (int)getpid());
    char *path = g_build_filename(folder, name, NULL);
    g_free(folder);
    return path;
}

static void adopt_all(struct console *c, const struct scenario *scenario)
{
    char number[32];

    for (int k = 0; k < sim_unit_count(c->sim); k++) {
        struct unit *u = sim_unit(c->sim, k);
        const char *name = scenario ? scenario_meter_name(scenario, u) : NULL;
        g_snprintf(number, sizeof number, "meter%d", k + 1);
        script_console_adopt(c->script, u, name ? name : number);
    }
}

struct console *console_open(struct sim *sim, struct pace *pace,
                             const struct scenario *scenario, const char *path,
                             GError **error)
{
    static const struct console_socket_calls calls = { on_line, on_gone };
    struct console *c = g_new0(struct console, 1);

    c->sim = sim;
    c->asked = g_hash_table_new_full(NULL, NULL, NULL, request_free);
    const bool none = !g_strcmp0(path, "none");
    c->path = none ? NULL : path ? g_strdup(path) : default_path(error);
    g_autofree char *folder = scenario ? scenario_folder(scenario) : NULL;
    c->script = script_console_new(sim, pace, folder, on_print);
    adopt_all(c, scenario);
    if (c->path)
        c->socket = console_socket_open(c->path, &calls, c, error);
    if (c->socket || none)
        return c;
    console_close(c);
    return NULL;
}

const char *console_path(const struct console *c)
{
    return c->path;
}

void console_close(struct console *c)
{
    if (!c)
        return;
    if (c->socket)
        console_socket_close(c->socket);
    script_console_free(c->script);
    g_hash_table_unref(c->asked);
    g_free(c->path);
    g_free(c);
}
