/* Tables of names and values. See dump_names.h. Names are those of a historian's columns
 * (sim/history/heading.h), or of settings. */
#include "sim/diagnose/dump_names.h"
#include "core/config.h"
#include "sim/diagnose/dump_table.h"
#include "sim/history/heading.h"
#include "sim/program/error.h"
#include <math.h>
#include <string.h>

static const char separators[] = ":=,;\t|";

/* The last word that begins as a number does, behind a separator or a space. */
static const char *find_value(const char *line)
{
    const char *found = NULL;

    for (const char *at = line; *at; at++) {
        const bool begins = at == line || strchr(separators, at[-1]) || at[-1] == ' ';
        const char *digit = at + (*at == '-' || *at == '+');
        if (begins && g_ascii_isdigit(*digit) && at != line)
            found = at;
    }
    return found;
}

static void clean(char *text)
{
    for (char *at = text; *at; at++)
        if (strchr(":=;\t|", *at) || *at == ',')
            *at = ' ';
    g_strstrip(text);
}

static bool set_setting(struct dump_table *t, const char *name, double value)
{
    const struct {
        const char *name;
        double *to;
    } settings[] = { { "type", &t->type },
                     { setting_table[SETTING_SYSTEM_TYPE].name, &t->type },
                     { setting_table[SETTING_CT_PRIMARY].name, &t->ct_primary },
                     { setting_table[SETTING_SYSTEM_VOLTAGE].name, &t->nominal_v } };

    for (size_t n = 0; n < G_N_ELEMENTS(settings); n++)
        if (g_ascii_strcasecmp(name, settings[n].name) == 0) {
            *settings[n].to = value;
            return true;
        }
    return false;
}

static bool set_reading(struct dump_table *t, const char *name, const char *unit,
                        double value)
{
    struct heading heading = { .kind = HEADING_UNUSED };
    char *text = *unit ? g_strdup_printf("%s [%s]", name, unit) : g_strdup(name);

    heading_parse(text, &heading);
    g_free(text);
    if (heading.kind != HEADING_QUANTITY || heading.quantity >= QUANTITIES)
        return false;
    t->reading[heading.quantity] = value * heading.factor;
    t->readings++;
    return true;
}

/* Lines without a number, or of other things, are passed over. */
static void parse_line(struct dump_table *t, const char *line)
{
    const char *value = find_value(line);
    char *end;

    if (value == NULL)
        return;
    const double number = g_ascii_strtod(value, &end);
    char *name = g_strndup(line, (gsize)(value - line)), *unit = g_strdup(end);
    clean(name);
    clean(unit);
    unit[strcspn(unit, " ")] = '\0';
    if (*name && isfinite(number) && !set_setting(t, name, number) &&
        !set_reading(t, name, unit, number))
        set_reading(t, name, "", number);
    g_free(name);
    g_free(unit);
}

bool dump_names_parse(struct observation *o, const char *name, const char *text,
                      const struct model *model, GError **error)
{
    struct dump_table *t = g_new(struct dump_table, 1);
    char *valid = g_utf8_make_valid(text, -1); /* headings are read as UTF-8 */
    char **lines = g_strsplit_set(valid, "\r\n", -1);

    dump_table_start(t);
    for (int n = 0; lines[n]; n++)
        parse_line(t, lines[n]);
    g_strfreev(lines);
    g_free(valid);
    bool good = dump_table_add(o, name, t, model, error);
    g_free(t);
    return good;
}
