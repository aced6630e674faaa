/* Lines of records. See exam_record.h. */
#include "sim/exam/exam_record.h"
#include "sim/program/csv.h"
#include <json-glib/json-glib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 4, UNIT_MAX = 255 };

/* The whole text; false: it is none. "" and "nan" are no value, which is one. */
static bool parse_value(const char *text, double *value)
{
    char *end;

    *value = (double)NAN;
    if (!*text || !g_ascii_strcasecmp(text, "nan") || !g_ascii_strcasecmp(text, "null"))
        return true;
    *value = g_ascii_strtod(text, &end);
    return end != text && !*end;
}

/* Seconds since 1970, or an ISO 8601 text; NaN: neither. */
static double parse_time(const char *text)
{
    char *end;
    double seconds = g_ascii_strtod(text, &end);

    if (end != text && !*end)
        return seconds;
    GTimeZone *utc = g_time_zone_new_utc();
    GDateTime *at = g_date_time_new_from_iso8601(text, utc);
    seconds = at ? (double)g_date_time_to_unix(at) : (double)NAN;
    g_clear_pointer(&at, g_date_time_unref);
    g_time_zone_unref(utc);
    return seconds;
}

static int add(const struct exam_profile *p, const char *name, struct exam_record r,
               GArray *to)
{
    r.point = exam_profile_find(p, name, r.unit);
    if (r.point < 0 || r.unit < 1 || r.unit > EXAM_UNITS)
        return 0;
    g_array_append_val(to, r);
    return 1;
}

/* --- CSV --- */

static int parse_csv(const struct exam_profile *p, const char *line, int64_t ns,
                     GArray *to)
{
    struct exam_record r = { .ns = ns };
    g_auto(GStrv) field = g_strsplit(line, ",", FIELDS + 1);
    char *end = NULL;
    int added = 0;

    if (g_strv_length(field) == FIELDS) {
        for (int k = 0; k < FIELDS; k++)
            g_strstrip(field[k]);
        r.time = parse_time(field[0]);
        r.unit = (int)strtol(field[1], &end, 10);
        if (end != field[1] && !*end && parse_value(field[3], &r.value))
            added = add(p, field[2], r, to);
    }
    return added;
}

/* --- JSON --- */

static bool json_number(JsonNode *node, double *to)
{
    *to = (double)NAN;
    if (!node || json_node_is_null(node))
        return true;
    if (!JSON_NODE_HOLDS_VALUE(node))
        return false;
    const GType type = json_node_get_value_type(node);
    if (type == G_TYPE_STRING)
        return parse_value(json_node_get_string(node), to);
    if (type != G_TYPE_DOUBLE && type != G_TYPE_INT64)
        return false;
    *to = json_node_get_double(node);
    return true;
}

static double json_time(JsonObject *o)
{
    JsonNode *node = json_object_get_member(o, "time");
    double seconds;

    if (node && JSON_NODE_HOLDS_VALUE(node) &&
        json_node_get_value_type(node) == G_TYPE_STRING)
        return parse_time(json_node_get_string(node));
    return json_number(node, &seconds) ? seconds : (double)NAN;
}

struct adding {
    const struct exam_profile *profile;
    struct exam_record record;
    GArray *to;
    int added;
};

static void add_member(JsonObject *o, const char *name, JsonNode *node, gpointer user)
{
    struct adding *a = user;

    (void)o;
    if (json_number(node, &a->record.value))
        a->added += add(a->profile, name, a->record, a->to);
}

static void add_named(JsonObject *o, struct adding *a)
{
    JsonNode *name = json_object_get_member(o, "name");
    char text[16];
    double reg;

    if (name && JSON_NODE_HOLDS_VALUE(name) &&
        json_node_get_value_type(name) == G_TYPE_STRING) {
        add_member(o, json_node_get_string(name), json_object_get_member(o, "value"),
                   a);
    } else if (json_number(json_object_get_member(o, "register"), &reg) &&
               !isnan(reg)) {
        g_snprintf(text, sizeof text, "%.0f", reg);
        add_member(o, text, json_object_get_member(o, "value"), a);
    }
}

static int parse_object(const struct exam_profile *p, JsonObject *o, int64_t ns,
                        GArray *to)
{
    struct adding a = { .profile = p, .record = { .ns = ns }, .to = to };
    JsonNode *values = json_object_get_member(o, "values");
    double unit;

    if (!json_number(json_object_get_member(o, "unit"), &unit))
        return 0;
    a.record.unit = isnan(unit) || unit < 0 || unit > UNIT_MAX ? 1 : (int)unit;
    a.record.time = json_time(o);
    if (values && JSON_NODE_HOLDS_OBJECT(values))
        json_object_foreach_member(json_node_get_object(values), add_member, &a);
    else
        add_named(o, &a);
    return a.added;
}

static int parse_json(const struct exam_profile *p, const char *line, int64_t ns,
                      GArray *to)
{
    g_autoptr(JsonParser) parser = json_parser_new();
    int added = 0;

    if (json_parser_load_from_data(parser, line, -1, NULL)) {
        JsonNode *root = json_parser_get_root(parser);
        if (root && JSON_NODE_HOLDS_OBJECT(root))
            added = parse_object(p, json_node_get_object(root), ns, to);
    }
    return added;
}

int exam_record_parse(const struct exam_profile *p, const char *line, int64_t ns,
                      GArray *to)
{
    while (g_ascii_isspace(*line))
        line++;
    return *line == '{' ? parse_json(p, line, ns, to) : parse_csv(p, line, ns, to);
}

/* --- Prometheus --- */

/* The value of unit="…" among the labels; 1 without. */
static int unit_label(const char *labels, const char *end)
{
    const char *at = g_strstr_len(labels, end - labels, "unit=\"");

    return at ? atoi(at + strlen("unit=\"")) : 1;
}

int exam_record_parse_metric(const struct exam_profile *p, const char *line, int64_t ns,
                             GArray *to)
{
    struct exam_record r = { .ns = ns, .time = (double)NAN, .unit = 1 };
    const size_t length = strcspn(line, "{ \t");
    const char *rest = line + length, *end = rest;

    if (*line == '#' || !length)
        return 0;
    if (*rest == '{') {
        end = strchr(rest, '}');
        if (!end)
            return 0;
        r.unit = unit_label(rest, end++);
    }
    g_autofree char *name = g_strndup(line, length);
    g_auto(GStrv) words = g_strsplit_set(end + strspn(end, " \t"), " \t\r", 2);

    return words[0] && parse_value(words[0], &r.value) ? add(p, name, r, to) : 0;
}
