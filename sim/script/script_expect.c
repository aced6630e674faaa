/* expect and near. The first expectation that is not met ends the scenario; its message
 * has the line of the script, what was expected and read, and the meters' readings. */
#include "sim/field/register_format.h"
#include "sim/lua/near_name.h"
#include "sim/lua/userdata.h"
#include "sim/script/script_modbus.h"
#include "sim/script/script_note.h"
#include "sim/script/script_object.h"
#include "sim/script/script_report.h"
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"
#include <math.h>
#include <string.h>

#define NEAR "near"

struct near {
    double value, tolerance;
    enum dimension dimension; /* NUMBER where none was written */
    char text[48];            /* the tolerance as it was written */
};

static double tolerance_of(lua_State *L, struct near *n)
{
    struct value v;
    char error[VALUE_ERROR];

    if (lua_type(L, 2) == LUA_TNUMBER)
        return lua_tonumber(L, 2);
    if (lua_type(L, 2) != LUA_TSTRING)
        luaL_error(
            L,
            "near: expected near(value, tolerance), the tolerance as \"0.1 %%\", "
            "\"50 W\" or a number, found %s",
            lua_isnoneornil(L, 2) ? "no tolerance" : luaL_typename(L, 2));
    if (!value_parse(lua_tostring(L, 2), &v, error))
        luaL_error(L, "near: %s", error);
    if (v.dimension == DIMENSION_RATIO)
        return v.value * fabs(n->value);
    if (n->dimension == DIMENSION_NUMBER)
        n->dimension = v.dimension;
    return v.value;
}

static void check_dimensions(lua_State *L)
{
    struct value a, b;
    char error[VALUE_ERROR];

    if (lua_type(L, 1) != LUA_TSTRING || lua_type(L, 2) != LUA_TSTRING ||
        !value_parse(lua_tostring(L, 1), &a, error) ||
        !value_parse(lua_tostring(L, 2), &b, error))
        return;
    if (a.dimension != b.dimension && b.dimension != DIMENSION_RATIO &&
        a.dimension != DIMENSION_NUMBER && b.dimension != DIMENSION_NUMBER)
        luaL_error(L, "near: \"%s\" is no tolerance for \"%s\"", lua_tostring(L, 2),
                   lua_tostring(L, 1));
}

static double near_value(lua_State *L, enum dimension *dimension)
{
    struct value v;
    char error[VALUE_ERROR];

    if (lua_type(L, 1) == LUA_TNUMBER)
        return lua_tonumber(L, 1);
    if (lua_type(L, 1) != LUA_TSTRING)
        luaL_error(
            L, "near: expected a number or a quantity such as \"61.2 kW\", found %s",
            luaL_typename(L, 1));
    if (!value_parse(lua_tostring(L, 1), &v, error))
        luaL_error(L, "near: %s", error);
    *dimension = v.dimension;
    return v.value;
}

int script_near(lua_State *L)
{
    struct near n = { .dimension = DIMENSION_NUMBER };

    n.value = near_value(L, &n.dimension);
    check_dimensions(L);
    n.tolerance = tolerance_of(L, &n);
    if (!(n.tolerance >= 0) || !isfinite(n.tolerance) || !isfinite(n.value))
        return luaL_error(L,
                          "near: value and tolerance must be finite, the tolerance not "
                          "below 0");
    if (lua_type(L, 2) == LUA_TSTRING)
        g_strlcpy(n.text, lua_tostring(L, 2), sizeof n.text);
    *(struct near *)userdata_push(L, sizeof n, NEAR, NULL) = n;
    return 1;
}

int script_no_reading(lua_State *L)
{
    lua_Number x = luaL_checknumber(L, 1);

    lua_pushboolean(L, isnan(x));
    return 1;
}

/* "2042", "no reading (QNAN)", "\"text\"", "true". */
static void describe(lua_State *L, int index, GString *text)
{
    char number[32];

    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        if (isnan(lua_tonumber(L, index)))
            g_string_append(text, "no reading (QNAN)");
        else
            g_string_append(text,
                            value_text(lua_tonumber(L, index), number, sizeof number));
        return;
    case LUA_TSTRING:
        g_string_append_printf(text, "\"%.200s\"", lua_tostring(L, index));
        return;
    case LUA_TBOOLEAN:
        g_string_append(text, lua_toboolean(L, index) ? "true" : "false");
        return;
    default:
        g_string_append(text, luaL_typename(L, index));
    }
}

static void describe_near(const struct near *n, GString *text)
{
    char value[32], tolerance[32];

    g_string_append_printf(text, "%s ± %s", value_text(n->value, value, sizeof value),
                           value_text(n->tolerance, tolerance, sizeof tolerance));
    if (n->text[0])
        g_string_append_printf(text, " (%s)", n->text);
}

static void describe_difference(double read, double expected, GString *text)
{
    char number[32];

    if (isnan(read))
        return;
    g_string_append_printf(text, "\n  differs by %s",
                           value_text(read - expected, number, sizeof number));
    if (expected != 0)
        g_string_append_printf(
            text, " (%s %%)",
            value_text((read - expected) / expected * 100, number, sizeof number));
}

static void describe_comparison(lua_State *L, int read, int expected, GString *text)
{
    const struct near *n = luaL_testudata(L, expected, NEAR);
    bool numbers =
        lua_type(L, read) == LUA_TNUMBER && (n || lua_type(L, expected) == LUA_TNUMBER);

    g_string_append(text, "\n  expected   ");
    if (n)
        describe_near(n, text);
    else
        describe(L, expected, text);
    g_string_append(text, "\n  read       ");
    describe(L, read, text);
    if (numbers)
        describe_difference(lua_tonumber(L, read),
                            n ? n->value : lua_tonumber(L, expected), text);
}

/* Values at `read` and `expected`, or the text of a condition (expected 0). */
static int fail(lua_State *L, int read, int expected, const char *why)
{
    struct script *s = script_of(L);
    int line = sandbox_line(L);
    GString *text = g_string_new("");

    g_string_append_printf(text, "expectation failed at %.3f s%s%s\n",
                           (double)sim_now(s->sim) / 1e9, why ? ": " : "",
                           why ? why : "");
    script_report_source(s, line, text);
    if (expected)
        describe_comparison(L, read, expected, text);
    script_report_failed(s, line, text);
    lua_pushliteral(L, "expectation failed");
    return lua_error(L);
}

/* Pushes the variable of that name as the function at `at` sees it. */
static void push_variable(lua_State *L, lua_Debug *at, const char *name)
{
    const char *found;
    int local = 0;

    for (int k = 1; (found = lua_getlocal(L, at, k)); k++) {
        lua_pop(L, 1);
        if (!strcmp(found, name))
            local = k; /* the last one hides those before */
    }
    if (local) {
        lua_getlocal(L, at, local);
        return;
    }
    lua_getinfo(L, "f", at);
    for (int k = 1; (found = lua_getupvalue(L, -1, k)); k++) {
        if (!strcmp(found, name)) {
            lua_remove(L, -2);
            return;
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    lua_pushglobaltable(L);
    lua_pushstring(L, name);
    lua_rawget(L, -2);
    lua_remove(L, -2);
}

/* Is "a.b", where the function at `at` writes it, a meter? */
static bool is_meter(lua_State *L, lua_Debug *at, const char *object)
{
    g_auto(GStrv) names = g_strsplit(object, ".", -1);
    int top = lua_gettop(L);

    push_variable(L, at, names[0]);
    for (char **name = names + 1; *name; name++) {
        if (!lua_istable(L, -1))
            lua_pushnil(L);
        else {
            lua_pushstring(L, *name);
            lua_rawget(L, -2);
        }
    }
    bool meter = script_meter_test(L, -1) != NULL;
    lua_settop(L, top);
    return meter;
}

/* A reading has a unit where the script writes it as one: m.kw_total. What is
 * calculated, or kept in a variable, is a number without. */
static void check_unit(lua_State *L, const struct near *n)
{
    lua_Debug at;

    if (n->dimension == DIMENSION_NUMBER || !lua_getstack(L, 0, &at) ||
        !lua_getinfo(L, "t", &at) || at.istailcall || !lua_getstack(L, 1, &at))
        return;
    lua_getinfo(L, "l", &at);
    const struct source_field *f = source_field(script_of(L)->source, at.currentline);
    int q = f ? script_object_quantity(f->name) : -1;
    if (q < 0)
        return;
    enum dimension found = script_object_dimension((enum quantity)q);
    if (found != n->dimension && is_meter(L, &at, f->object))
        luaL_error(L, "expect: near is given %s, but the reading is %s",
                   dimension_name(n->dimension),
                   found == DIMENSION_NUMBER ? "a number without a unit"
                                             : dimension_name(found));
}

static bool meets(lua_State *L, int read, int expected)
{
    const struct near *n = luaL_testudata(L, expected, NEAR);

    if (!n)
        return lua_rawequal(L, read, expected);
    if (lua_type(L, read) != LUA_TNUMBER)
        luaL_error(L, "expect: near compares numbers, found %s",
                   luaL_typename(L, read));
    return fabs(lua_tonumber(L, read) - n->value) <= n->tolerance;
}

static void check_arguments(lua_State *L)
{
    int count = lua_gettop(L);

    if (count < 1 || lua_isnone(L, 1))
        luaL_error(L, "expect: a value is missing");
    if (luaL_testudata(L, 1, NEAR))
        luaL_error(L, "expect: near comes second: expect(value, near(…))");
    if (count > 2 && luaL_testudata(L, 2, NEAR))
        luaL_error(L, "expect: near(…) takes no text after it; a text goes with a "
                      "condition: expect(value > 1, \"why\")");
    if (count > 2)
        luaL_error(L, "expect: too many arguments; see metersim verbs expect");
}

static void finish(struct script *s)
{
    s->checks++;
    for (guint k = 0; k < s->site.meters->len; k++)
        site_at(&s->site, k)->read = false;
}

static int pass(lua_State *L)
{
    finish(script_of(L));
    script_note_call(L, OBSERVED_PASSED, NULL);
    return 0;
}

/* "expect: 3 registers are 3 values of s16, …". */
static int refuse_number(lua_State *L, int count, const char *format, int values)
{
    return luaL_error(L,
                      "expect: %d registers are %d values of %s, and one is expected: "
                      "write all of them, expect(r, \"%s\", { x, … }), or read fewer "
                      "registers",
                      count, values, format, format);
}

/* Stack: registers, format, list: every value. */
static int expect_list(lua_State *L, int format, int values)
{
    const int words = register_formats[format].words;
    char place[32];
    int reg;

    script_registers_count(L, 1, &reg);
    const int listed = (int)args_list(L, 3, "expect");
    if (listed != values)
        return luaL_error(L, "expect: the list has %d values, the registers %d of %s",
                          listed, values, register_formats[format].name);
    for (int k = 0; k < values; k++) {
        lua_geti(L, 3, k + 1);
        script_registers_decode_at(L, 1, k * words, format);
        g_snprintf(place, sizeof place, "register %d", reg + k * words);
        if (!meets(L, 5, 4))
            return fail(L, 5, 4, place);
        lua_settop(L, 3);
    }
    return pass(L);
}

/* expect(registers, [format,] expected). */
static int expect_registers(lua_State *L)
{
    int reg, count = script_registers_count(L, 1, &reg);

    if (lua_gettop(L) == 2) {
        lua_pushliteral(L, "u16");
        lua_insert(L, 2);
    }
    if (lua_gettop(L) > 3)
        return luaL_error(L, "expect: too many arguments");
    const char *name = luaL_checkstring(L, 2);
    const int format = script_registers_format(L, name);
    const int words = register_formats[format].words;
    if (count > 1 && count % words)
        return luaL_error(L, "expect: %d registers are no whole number of %s values",
                          count, name);
    if (lua_istable(L, 3))
        return expect_list(L, format, count / words);
    if (count > words)
        return refuse_number(L, count, name, count / words);
    script_registers_decode(L, 1, name);
    if (!meets(L, 4, 3))
        return fail(L, 4, 3, NULL);
    return pass(L);
}

/* The condition at 1, and perhaps a text of what it means. */
static int expect_condition(lua_State *L)
{
    const int count = lua_gettop(L);

    if (!lua_isboolean(L, 1) && !lua_isnil(L, 1))
        return luaL_error(
            L, "expect: a %s alone is always true; compare it with something",
            luaL_typename(L, 1));
    if (!lua_toboolean(L, 1))
        return fail(L, 1, 0, count == 2 ? lua_tostring(L, 2) : NULL);
    return pass(L);
}

int script_expect(lua_State *L)
{
    if (script_registers_test(L, 1) && lua_gettop(L) >= 2)
        return expect_registers(L);
    check_arguments(L);
    if (lua_gettop(L) == 1 ||
        ((lua_isboolean(L, 1) || lua_isnil(L, 1)) && lua_isstring(L, 2)))
        return expect_condition(L);
    const struct near *n = luaL_testudata(L, 2, NEAR);
    if (n && lua_type(L, 1) == LUA_TNUMBER)
        check_unit(L, n);
    return meets(L, 1, 2) ? pass(L) : fail(L, 1, 2, NULL);
}
