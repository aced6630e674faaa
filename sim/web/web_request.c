/* Messages of WebSocket clients. See web_request.h. Whoever sends them may be anybody:
 * what is deeply nested is refused before the parser, which recurses, gets it; so is what
 * has many values, as each costs it an allocation or two, and what goes on behind the
 * object: JSON-GLib 1.6 forgets to free the first of two. */
#include "sim/web/web_request.h"
#include "gui/panel_view.h"
#include <string.h>

static const char *const topics[WEB_TOPICS] = { "panel", "time", "events", "traffic" };

/* NULL, or what is wrong with it. */
static const char *refuse_large(const char *text)
{
    bool quoted = false;
    int depth = 0, values = 0;

    for (; *text && depth <= WEB_DEPTH_MAX && values <= WEB_VALUES_MAX; text++) {
        if (quoted && *text == '\\' && text[1]) {
            text++;
            continue;
        }
        quoted = quoted != (*text == '"');
        if (quoted)
            continue;
        depth += *text == '{' || *text == '[';
        depth -= *text == '}' || *text == ']';
        values += *text && strchr("{[,", *text);
        if (depth == 0)
            return text[1 + strspn(text + 1, " \t\r\n")] ? "a request is one object"
                                                         : NULL;
    }
    if (depth > WEB_DEPTH_MAX)
        return "a request is not nested so deeply";
    return values > WEB_VALUES_MAX ? "a request has no more than 64 values" : NULL;
}

static const char *text_of(JsonObject *o, const char *name)
{
    JsonNode *node = json_object_get_member(o, name);

    return node && JSON_NODE_HOLDS_VALUE(node) &&
                   json_node_get_value_type(node) == G_TYPE_STRING
               ? json_node_get_string(node)
               : NULL;
}

/* `missing` where there is none, -1 where it is none. */
static int number_of(JsonObject *o, const char *name, int missing)
{
    JsonNode *node = json_object_get_member(o, name);

    if (!node)
        return missing;
    if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_INT64)
        return -1;
    const gint64 number = json_node_get_int(node);
    return number >= 0 && number <= G_MAXINT ? (int)number : -1;
}

static int index_of(const char *name, const char *const *names, int count)
{
    for (int k = 0; name && k < count; k++)
        if (!strcmp(name, names[k]))
            return k;
    return -1;
}

static bool parse_watch(struct web_request *r, JsonObject *o, const char **wrong)
{
    const bool begins = json_object_has_member(o, "watch");
    const char *view = text_of(o, "view");
    const int topic =
        index_of(text_of(o, begins ? "watch" : "unwatch"), topics, WEB_TOPICS);

    r->verb = begins ? WEB_WATCH : WEB_UNWATCH;
    r->meter = number_of(o, "meter", 1);
    r->view = view ? index_of(view, panel_view_names, PANEL_VIEWS) : 0;
    if (topic < 0)
        *wrong = "what is watched is \"panel\", \"time\", \"events\" or \"traffic\"";
    else if (r->view < 0)
        *wrong = "a view is \"panel\", \"phasors\" or \"waves\"";
    else
        r->topic = (enum web_topic)topic;
    return !*wrong;
}

static bool parse_meters(struct web_request *r, JsonObject *o, const char **wrong)
{
    const char *words = text_of(o, "meters");

    r->verb = WEB_METERS;
    r->text = g_strdup(words);
    r->from = number_of(o, "from", 0);
    r->count = number_of(o, "count", WEB_ROWS_MAX);
    if (!words || strlen(words) > WEB_WORDS_MAX || r->from < 0 || r->count < 0 ||
        r->count > WEB_ROWS_MAX)
        *wrong = "meters are asked for by words, 256 bytes at most, \"from\", and "
                 "\"count\" up to 200";
    return !*wrong;
}

static bool parse_object(struct web_request *r, JsonObject *o, const char **wrong)
{
    if (json_object_has_member(o, "id"))
        r->id = json_node_copy(json_object_get_member(o, "id"));
    if (json_object_has_member(o, "watch") || json_object_has_member(o, "unwatch"))
        return parse_watch(r, o, wrong);
    if (json_object_has_member(o, "meters"))
        return parse_meters(r, o, wrong);
    if (json_object_has_member(o, "token")) {
        r->verb = WEB_AUTHENTICATE;
        r->text = g_strdup(text_of(o, "token"));
        *wrong = r->text ? NULL : "a token is a text";
    } else if (json_object_has_member(o, "faults")) {
        r->verb = WEB_FAULTS;
        r->meter = number_of(o, "faults", 0);
    } else if (json_object_has_member(o, "world")) {
        r->verb = WEB_WORLD;
        r->meter = number_of(o, "world", 0);
    }
    return !*wrong;
}

bool web_request_parse(struct web_request *r, const char *message, const char **wrong)
{
    *r = (struct web_request){ .verb = WEB_CONSOLE };
    *wrong = NULL;
    if (*message != '{')
        return true;
    if ((*wrong = refuse_large(message)))
        return false;
    JsonParser *parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(parser, message, -1, NULL) ||
        !JSON_NODE_HOLDS_OBJECT(json_parser_get_root(parser)))
        *wrong = "a message that begins with { is a request in JSON";
    else
        parse_object(r, json_node_get_object(json_parser_get_root(parser)), wrong);
    g_object_unref(parser);
    return !*wrong;
}

void web_request_clear(struct web_request *r)
{
    g_clear_pointer(&r->id, json_node_unref);
    g_clear_pointer(&r->text, g_free);
}
