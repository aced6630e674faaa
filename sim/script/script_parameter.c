/* See script_parameter.h. A bare number is in the row's own unit; a text is turned into
 * it, to twelve digits, so that "45 %" is 45 exactly. */
#include "sim/script/script_parameter.h"
#include "sim/script/script_state.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void set_name(char name[SCRIPT_PARAMETER_NAME], const char *field)
{
    static const char *const other[][2] = { { "hz_per_s", "rate" },
                                            { "leads", "leading" } };
    static const char *const units[] = { "_s", "_hz", "_degrees", "_percent" };

    g_strlcpy(name, field, SCRIPT_PARAMETER_NAME);
    for (size_t k = 0; k < G_N_ELEMENTS(other); k++)
        if (!strcmp(field, other[k][0])) {
            g_strlcpy(name, other[k][1], SCRIPT_PARAMETER_NAME);
            return;
        }
    for (size_t k = 0; k < G_N_ELEMENTS(units); k++)
        if (g_str_has_suffix(name, units[k])) {
            name[strlen(name) - strlen(units[k])] = '\0';
            return;
        }
}

static struct script_parameters of_kind(const struct parameter *rows, int count,
                                        unsigned kind)
{
    struct script_parameters p = { 0 };

    for (int k = 0; k < count; k++) {
        if (rows[k].kind != kind)
            continue;
        assert(p.count < SCRIPT_PARAMETERS);
        struct script_parameter *item = &p.item[p.count++];
        set_name(item->name, rows[k].name);
        item->row = &rows[k];
    }
    return p;
}

struct script_parameters script_parameters_of_event(enum waveform_event_kind kind)
{
    return of_kind(event_parameters, event_parameter_count, kind);
}

struct script_parameters script_parameters_of_load(enum waveform_load_kind kind)
{
    return of_kind(load_parameters, load_parameter_count, kind);
}

void script_parameters_check(lua_State *L, int table, const char *verb,
                             const struct script_parameters *p,
                             const char *const *common)
{
    const char *names[2 * SCRIPT_PARAMETERS + 1];
    int count = 0;

    for (; count < p->count; count++)
        names[count] = p->item[count].name;
    for (; *common; common++) {
        assert(count < 2 * SCRIPT_PARAMETERS);
        names[count++] = *common;
    }
    names[count] = NULL;
    args_names(L, table, verb, names);
}

/* "0.5 Hz/s" is 0.5 Hz in each second. */
static double in_unit(lua_State *L, const char *text, const char *unit,
                      const char *what)
{
    enum dimension dimension = DIMENSION_NUMBER;
    double factor = 1, value;
    char amount[48], error[VALUE_ERROR], digits[32];

    g_strlcpy(amount, text, sizeof amount);
    if (!strcmp(unit, "Hz/s")) {
        if (!g_str_has_suffix(amount, "/s"))
            luaL_error(L, "%s: expected a rate such as \"0.5 Hz/s\", found \"%s\"",
                       what, text);
        amount[strlen(amount) - 2] = '\0';
        unit = "Hz";
    }
    if (unit[0] && !value_unit(unit, &dimension, &factor))
        luaL_error(L, "%s: give a number (%s)", what, unit);
    if (!value_parse_as(amount, dimension, &value, error))
        luaL_error(L, "%s: %s", what, error);
    return g_ascii_strtod(
        g_ascii_formatd(digits, sizeof digits, "%.12g", value / factor), NULL);
}

static double parse_value(lua_State *L, const struct script_parameter *p,
                          const char *what)
{
    if (lua_type(L, -1) == LUA_TBOOLEAN && !strcmp(p->name, "leading"))
        return lua_toboolean(L, -1);
    if (lua_type(L, -1) == LUA_TSTRING)
        return in_unit(L, lua_tostring(L, -1), p->row->unit, what);
    return args_value(L, lua_gettop(L), DIMENSION_NUMBER, what);
}

/* Counts have no unit and are whole. */
static bool is_count(const char *name)
{
    return !strcmp(name, "orders") || !strcmp(name, "seed") ||
           !strcmp(name, "leading") || g_str_has_suffix(name, "_cycles");
}

static void check_value(lua_State *L, const struct script_parameter *item, double value,
                        const char *what)
{
    const struct parameter *p = item->row;
    char min[32], max[32], found[32];

    if (!(value >= p->min && value <= p->max))
        luaL_error(L, "%s: %s is outside %s to %s%s%s", what,
                   value_text(value, found, sizeof found),
                   value_text(p->min, min, sizeof min),
                   value_text(p->max, max, sizeof max), p->unit[0] ? " " : "", p->unit);
    if (is_count(item->name) && value != floor(value))
        luaL_error(L, "%s: %s is no whole number", what,
                   value_text(value, found, sizeof found));
}

void script_parameters_parse(lua_State *L, int table, const char *verb,
                             const struct script_parameters *p, void *into)
{
    for (int k = 0; k < p->count; k++) {
        const struct script_parameter *item = &p->item[k];
        if (lua_getfield(L, table, item->name) != LUA_TNIL) {
            const char *what = lua_pushfstring(L, "%s: %s", verb, item->name);
            lua_insert(L, -2);
            double value = parse_value(L, item, what);
            check_value(L, item, value, what);
            memcpy((char *)into + item->row->offset, &value, sizeof value);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
}
