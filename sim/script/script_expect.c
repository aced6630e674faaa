/* expect and near. The first expectation that is not met ends the scenario; its message
 * has the line of the script, what was expected and read, and the meters' readings. */
#include "sim/lua/near_name.h"
#include "sim/lua/userdata.h"
#include "sim/script/script_internal.h"
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
    script_report_meters(s, text);
    script_set_failed(s, line, text->str);
    g_string_free(text, TRUE);
    lua_pushliteral(L, "expectation failed");
    return lua_error(L);
}

/* A reading is a plain number; but one that was just taken is known again by its value,
 * and so is its unit, unless readings of different units happen to be equal. */
static void check_unit(lua_State *L, double x, const struct near *n)
{
    const struct script *s = script_of(L);
    const enum dimension none = DIMENSIONS;
    enum dimension found = none;

    for (unsigned k = 0; k < MIN(s->reads_count, G_N_ELEMENTS(s->reads)); k++) {
        if (s->reads[k].value != x)
            continue;
        if (found != none && found != s->reads[k].dimension)
            return;
        found = s->reads[k].dimension;
    }
    if (found != none && n->dimension != DIMENSION_NUMBER && found != n->dimension)
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
    check_unit(L, lua_tonumber(L, read), n);
    return fabs(lua_tonumber(L, read) - n->value) <= n->tolerance;
}

/* expect(registers, [format,] expected): the registers at 1 become a number. */
static void decode_registers(lua_State *L)
{
    const char *format = "u16";

    if (lua_gettop(L) >= 3)
        format = luaL_checkstring(L, 2);
    else if (luaL_len(L, 1) != 1)
        luaL_error(L,
                   "expect: say how to read several registers: expect(r, \"s32\", …)");
    script_registers_decode(L, 1, format);
    lua_replace(L, 1);
    if (lua_gettop(L) >= 3)
        lua_remove(L, 2);
}

static void check_arguments(lua_State *L)
{
    int count = lua_gettop(L);

    if (count < 1 || lua_isnone(L, 1))
        luaL_error(L, "expect: a value is missing");
    if (luaL_testudata(L, 1, NEAR))
        luaL_error(L, "expect: near comes second: expect(value, near(…))");
    if (count > 2)
        luaL_error(L, "expect: too many arguments");
}

static void finish(struct script *s)
{
    s->checks++;
    s->reads_count = 0;
    for (guint k = 0; k < s->site.meters->len; k++)
        site_at(&s->site, k)->read = false;
}

int script_expect(lua_State *L)
{
    struct script *s = script_of(L);

    if (script_registers_test(L, 1) && lua_gettop(L) >= 2)
        decode_registers(L);
    check_arguments(L);
    bool condition = lua_gettop(L) == 1 ||
                     ((lua_isboolean(L, 1) || lua_isnil(L, 1)) && lua_isstring(L, 2));
    if (lua_gettop(L) == 1 && !lua_isboolean(L, 1) && !lua_isnil(L, 1))
        return luaL_error(
            L, "expect: a %s alone is always true; compare it with something",
            luaL_typename(L, 1));
    if (condition && !lua_toboolean(L, 1))
        return fail(L, 1, 0, lua_gettop(L) == 2 ? lua_tostring(L, 2) : NULL);
    if (!condition && !meets(L, 1, 2))
        return fail(L, 1, 2, NULL);
    finish(s);
    script_note_call(L, OBSERVED_PASSED, NULL);
    return 0;
}
