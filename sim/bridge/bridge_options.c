/* The behaviours of gateways. See bridge_options.h. To add one: a field of struct
 * bridge_options, a row in bridge_behaviour.def, and its use where it acts. */
#include "sim/bridge/bridge_options.h"
#include "sim/line/serial_device.h"
#include "sim/program/error.h"
#include <string.h>

#define AT(field) offsetof(struct bridge_options, field)

const struct bridge_row bridge_rows[] = {
#define B(field, key, choices, preset, min, max, unit, text)                           \
    { key, AT(field), choices, preset, min, max, unit, text },
#include "sim/bridge/bridge_behaviour.def"
#undef B
};
const int bridge_row_count = G_N_ELEMENTS(bridge_rows);

const struct bridge_kind bridge_kinds[] = {
#define K(name, settings, text) { name, settings, text },
#include "sim/bridge/bridge_kind.def"
#undef K
};
const int bridge_kind_count = G_N_ELEMENTS(bridge_kinds);

static int *field_of(struct bridge_options *o, const struct bridge_row *row)
{
    return (int *)(void *)((char *)o + row->offset);
}

int bridge_option(const struct bridge_options *o, const struct bridge_row *row)
{
    return *(const int *)(const void *)((const char *)o + row->offset);
}

void bridge_options_start(struct bridge_options *o)
{
    for (int k = 0; k < bridge_row_count; k++)
        *field_of(o, &bridge_rows[k]) = bridge_rows[k].preset;
}

/* The number of a word in "a,b,c", or -1. */
static int find_choice(const char *choices, const char *value)
{
    const size_t size = strlen(value);

    for (int n = 0;; n++) {
        const size_t length = strcspn(choices, ",");
        if (length == size && !g_ascii_strncasecmp(choices, value, size))
            return n;
        if (!choices[length])
            return -1;
        choices += length + 1;
    }
}

/* What one unit of `text` is in units of the row; 0: it fits none. */
static double factor_of(const struct bridge_row *row, const char *text)
{
    if (!*text || !strcmp(text, row->unit))
        return 1;
    if (!strcmp(row->unit, "ms"))
        return !strcmp(text, "s") ? 1000 : !strcmp(text, "min") ? 60000 : 0;
    if (!strcmp(row->unit, "s"))
        return !strcmp(text, "min") ? 60 : !strcmp(text, "ms") ? 0.001 : 0;
    return 0;
}

static bool parse_number(const struct bridge_row *row, const char *text, int *value,
                         GError **error)
{
    char *end;
    double number = g_ascii_strtod(text, &end);
    const bool digits = end != text;

    while (*end == ' ')
        end++;
    number *= factor_of(row, end);
    if (!digits || factor_of(row, end) <= 0 || number < row->min || number > row->max ||
        number != (int)number)
        return error_set(
            error, "gateway: %s: a whole number from %d to %d%s%s, not '%s'", row->key,
            row->min, row->max, *row->unit ? " " : "", row->unit, text);
    *value = (int)number;
    return true;
}

static bool set_value(struct bridge_options *o, const struct bridge_row *row,
                      const char *text, GError **error)
{
    int value = row->choices ? find_choice(row->choices, text) : 0;

    if (value < 0)
        return error_set(error, "gateway: %s: one of %s; not '%s'", row->key,
                         row->choices, text);
    if (!row->choices && !parse_number(row, text, &value, error))
        return false;
    if (row->offset == AT(baud) && value != 0 && !serial_device_has_rate(value))
        return error_set(error, "gateway: baud: " SERIAL_DEVICE_RATES "; not %d",
                         value);
    *field_of(o, row) = value;
    return true;
}

static bool set_kind(struct bridge_options *o, const char *name, GError **error)
{
    g_autoptr(GString) names = g_string_new("");

    for (int k = 0; k < bridge_kind_count; k++) {
        if (!strcmp(name, bridge_kinds[k].name)) {
            bridge_options_start(o);
            return bridge_options_parse(o, bridge_kinds[k].settings, error);
        }
        g_string_append_printf(names, "%s%s", k ? ", " : "", bridge_kinds[k].name);
    }
    error_set(error, "gateway: unknown kind '%s'; the kinds are %s", name, names->str);
    return false;
}

bool bridge_options_set(struct bridge_options *o, const char *key, const char *value,
                        GError **error)
{
    g_autoptr(GString) keys = NULL;

    if (!strcmp(key, "kind"))
        return set_kind(o, value, error);
    for (int k = 0; k < bridge_row_count; k++)
        if (!strcmp(key, bridge_rows[k].key))
            return set_value(o, &bridge_rows[k], value, error);
    keys = g_string_new("kind");
    for (int k = 0; k < bridge_row_count; k++)
        g_string_append_printf(keys, ", %s", bridge_rows[k].key);
    error_set(error, "gateway: unknown setting '%s'; there are %s", key, keys->str);
    return false;
}

static bool parse_item(struct bridge_options *o, char *item, GError **error)
{
    char *equals = strchr(item, '=');

    if (!equals)
        return set_kind(o, g_strstrip(item), error);
    *equals = '\0';
    return bridge_options_set(o, g_strstrip(item), g_strstrip(equals + 1), error);
}

bool bridge_options_parse(struct bridge_options *o, const char *text, GError **error)
{
    g_auto(GStrv) items = g_strsplit(text, ",", -1);
    bool good = true;

    for (char **at = items; *at && good; at++)
        good = !**at || parse_item(o, *at, error);
    return good;
}

void bridge_value_text(const struct bridge_row *row, int value, char text[BRIDGE_VALUE])
{
    const char *at = row->choices;

    if (!at || value < 0) {
        g_snprintf(text, BRIDGE_VALUE, "%d", value);
        return;
    }
    for (; value > 0; value--)
        at = strchr(at, ',') + 1;
    g_snprintf(text, BRIDGE_VALUE, "%.*s", (int)strcspn(at, ","), at);
}
