/* Arguments of verbs. See args.h. */
#include "sim/lua/args.h"
#include "sim/lua/near_name.h"
#include <glib.h>
#include <math.h>
#include <string.h>

static void unknown_field(lua_State *L, const char *verb, const char *field,
                          const char *const *names)
{
    struct near_name near;
    char hint[80];

    near_name_start(&near, field);
    for (; *names; names++)
        near_name_offer(&near, *names);
    luaL_error(L, "%s has no field '%s'%s", verb, field,
               near_name_hint(&near, hint, sizeof hint));
}

/* The first unknown one in order of the alphabet, so that the message is always the
 * same. */
void args_names(lua_State *L, int table, const char *verb, const char *const *names)
{
    const char *first = NULL;

    luaL_checktype(L, table, LUA_TTABLE);
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "%s { … } takes named fields: %s = …", verb, names[0]);
        const char *field = lua_tostring(L, -1);
        if (!g_strv_contains(names, field) && (!first || strcmp(field, first) < 0))
            first = field;
    }
    if (first)
        unknown_field(L, verb, first, names);
}

double args_value(lua_State *L, int index, enum dimension dimension, const char *what)
{
    char error[VALUE_ERROR];
    double value;

    if (lua_type(L, index) == LUA_TNUMBER) {
        value = lua_tonumber(L, index);
        if (!isfinite(value))
            luaL_error(L, "%s: %f is no usable number", what, value);
        return value;
    }
    if (lua_type(L, index) != LUA_TSTRING)
        luaL_error(L, "%s: expected %s, found %s", what, dimension_wanted(dimension),
                   luaL_typename(L, index));
    if (!value_parse_as(lua_tostring(L, index), dimension, &value, error))
        luaL_error(L, "%s: %s", what, error);
    return value;
}

static const char *field_name(lua_State *L, const char *verb, const char *field)
{
    return lua_pushfstring(L, "%s: %s", verb, field);
}

bool args_quantity(lua_State *L, int table, const char *verb, const char *field,
                   enum dimension dimension, double *value)
{
    const char *what = field_name(L, verb, field);
    bool given = lua_getfield(L, table, field) != LUA_TNIL;

    if (given)
        *value = args_value(L, lua_gettop(L), dimension, what);
    lua_pop(L, 2);
    return given;
}

double args_range(lua_State *L, double value, double min, double max, const char *what)
{
    char from[32], to[32], found[32];

    if (!(value >= min && value <= max))
        luaL_error(L, "%s: %s is outside %s to %s", what,
                   value_text(value, found, sizeof found),
                   value_text(min, from, sizeof from), value_text(max, to, sizeof to));
    return value;
}

lua_Integer args_list(lua_State *L, int list, const char *what)
{
    if (!lua_istable(L, list))
        luaL_error(L, "%s: expected a list, found %s", what, luaL_typename(L, list));
    lua_Integer count = (lua_Integer)lua_rawlen(L, list), keys = 0;
    for (lua_pushnil(L); lua_next(L, list); lua_pop(L, 1))
        keys++;
    if (keys != count)
        luaL_error(L,
                   "%s: expected a list, { x, y, … }, and it has names, gaps or "
                   "numbers of its own",
                   what);
    return count;
}

double args_percent(lua_State *L, int index, const char *what)
{
    return lua_type(L, index) == LUA_TSTRING
               ? 100 * args_value(L, index, DIMENSION_RATIO, what)
               : args_value(L, index, DIMENSION_NUMBER, what);
}

void args_three(lua_State *L, int list, const char *what)
{
    lua_Integer count = args_list(L, list, what);

    if (count != 3)
        luaL_error(L,
                   "%s: expected three values, one for each phase or sequence, found "
                   "%I; write out those of phases that are not there, too",
                   what, (LUAI_UACINT)count);
}

/* The list on top of the stack. */
static void parse_list(lua_State *L, const char *what, enum dimension dimension,
                       double values[3])
{
    int list = lua_gettop(L);

    args_three(L, list, what);
    for (int k = 0; k < 3; k++) {
        lua_geti(L, list, k + 1);
        values[k] = args_value(L, lua_gettop(L), dimension, what);
        lua_pop(L, 1);
    }
}

bool args_phases(lua_State *L, int table, const char *verb, const char *field,
                 enum dimension dimension, double values[3])
{
    const char *what = field_name(L, verb, field);
    int type = lua_getfield(L, table, field);

    if (type == LUA_TTABLE)
        parse_list(L, what, dimension, values);
    else if (type != LUA_TNIL)
        values[0] = values[1] = values[2] =
            args_value(L, lua_gettop(L), dimension, what);
    lua_pop(L, 2);
    return type != LUA_TNIL;
}

/* The text stays valid: its table holds it. */
const char *args_text(lua_State *L, int table, const char *verb, const char *field)
{
    int type = lua_getfield(L, table, field);
    const char *text = NULL;

    if (type == LUA_TSTRING)
        text = lua_tostring(L, -1);
    else if (type != LUA_TNIL)
        luaL_error(L, "%s: %s: expected a text, found %s", verb, field,
                   luaL_typename(L, -1));
    lua_pop(L, 1);
    return text;
}

bool args_flag(lua_State *L, int table, const char *verb, const char *field)
{
    int type = lua_getfield(L, table, field);
    bool flag = lua_toboolean(L, -1);

    if (type != LUA_TNIL && type != LUA_TBOOLEAN)
        luaL_error(L, "%s: %s: expected true or false, found %s", verb, field,
                   luaL_typename(L, -1));
    lua_pop(L, 1);
    return flag;
}

static const char *name_of_row(const struct args_choice *choice, int row)
{
    const char *name;

    memcpy(&name, (const char *)choice->rows + (size_t)row * choice->row_size,
           sizeof name);
    return name;
}

int args_choose(lua_State *L, const char *verb, const struct args_choice *choice,
                const char *name)
{
    struct near_name near;
    char hint[80];

    near_name_start(&near, name);
    for (int row = 0; row < choice->count; row++) {
        if (!strcmp(name_of_row(choice, row), name))
            return row;
        near_name_offer(&near, name_of_row(choice, row));
    }
    return luaL_error(L, "%s%s%s '%s'%s%s", verb ? verb : "", verb ? ": " : "",
                      choice->what, name, near_name_hint(&near, hint, sizeof hint),
                      choice->all);
}

unsigned args_letters(const char *text)
{
    unsigned phases = 0;

    if (!strcmp(text, "all"))
        return 7;
    for (; *text; text++) {
        if (*text < 'A' || *text > 'C' || phases & 1u << (*text - 'A'))
            return 0;
        phases |= 1u << (*text - 'A');
    }
    return phases;
}

int64_t args_ns(lua_State *L, int index, const char *what)
{
    double seconds = args_value(L, index, DIMENSION_TIME, what);

    args_range(L, seconds, 0, 1e9, what);
    return value_ns(seconds);
}

void args_can_wait(lua_State *L)
{
    if (!lua_isyieldable(L))
        luaL_error(L, "a condition or a function called by Lua's library cannot wait");
}
