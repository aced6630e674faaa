/* How calls are written in a script's text: which first arguments are fields. */
#include "sim/lua/source.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void is_field(const char *text, int line, const char *object, const char *name)
{
    struct source *s = source_new(text, "expect");
    const struct source_field *f = source_field(s, line);

    if (!object) {
        assert_null(f);
    } else {
        assert_non_null(f);
        assert_string_equal(f->object, object);
        assert_string_equal(f->name, name);
    }
    source_free(s);
}

static void fields_are_found(void **state)
{
    (void)state;
    is_field("expect(m.kw_total, near(61, \"0.1 A\"))", 1, "m", "kw_total");
    is_field("x = 1\nexpect ( plant.main.kw_b ,\n 2)", 2, "plant.main", "kw_b");
    is_field("do expect(m.kw_a, 1) expect(m.kw_a, 2) end", 1, "m", "kw_a");
    is_field("s = [==[\n]] expect( ]==] t = '\\\n\\'' expect(m.i_a, 1)", 3, "m", "i_a");
}

/* Variables keep what they are given, as long as nothing else in the text may be. */
static void variables_are_fields(void **state)
{
    static const char *const texts[] = {
        "local p = m.kw_b expect(p, 1)",
        "local p = m.kw_b; expect(p, 1)",
        "local p = m.kw_b -- now\nlocal q = 1 q = 2",
        "local q = p local p = m.kw_b if q == p then t.p = 1 f(p, q) end",
        "do local p = m.kw_b end local p = m.kw_b",
        "local p = m.kw_b function f(x, y) for k, v in pairs(x) do q = k end end",
    };
    static const char *const none[] = {
        "local p = m.kw_b + 1",
        "local p = m.kw_b or 1",
        "local p = m.kw_b()",
        "local p = m.kw_b .. 'x'",
        "local p = -m.kw_b",
        "local p = m",
        "local p, q = m.kw_b, m.kw_c",
        "local q, p = m.kw_b, m.kw_c",
        "local p = m.kw_b p = 3",
        "local p = m.kw_b p, q = 3, 4",
        "local p = m.kw_b x() q, p = 3, 4",
        "local p = m.kw_b local p = m.i_a",
        "local p = m.kw_b local function p() end",
        "local p = m.kw_b function p() end",
        "local p = m.kw_b function f(a, p) end",
        "local p = m.kw_b local function f(p) end",
        "local p = m.kw_b for p = 1, 2 do end",
        "local p = m.kw_b for k, p in pairs(t) do end",
        "p = m.kw_b",
    };
    char text[256];

    (void)state;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        g_snprintf(text, sizeof text, "%s\n\nexpect(p, 1)", texts[k]);
        is_field(text, strchr(texts[k], '\n') ? 4 : 3, "m", "kw_b");
    }
    for (size_t k = 0; k < sizeof none / sizeof *none; k++) {
        g_snprintf(text, sizeof text, "%s\nexpect(p, 1)", none[k]);
        is_field(text, 2, NULL, NULL);
    }
}

static void calculations_are_none(void **state)
{
    static const char *const texts[] = {
        "expect(m.i_a - m.i_b, near(0, \"0.1 A\"))",
        "expect(-m.kw_b, 1)",
        "expect(m.kw_b)",
        "expect(x, 1)",
        "expect(m:read(1), 1)",
        "expect(f().kw_b, 1)",
        "expect(m.kw_b + 0, 1)",
        "expect(m.kw_b > 0, 'text')",
        "t.expect(m.kw_b, 1)",
        "t:expect(m.kw_b, 1)",
        "expected(m.kw_b, 1)",
        "-- expect(m.kw_b, 1)",
        "--[[ expect(m.kw_b, 1) ]]",
        "print('expect(m.kw_b, 1)')",
        "print([[expect(m.kw_b, 1)]])",
        "expect(m.kw_a, 1) expect(m.i_a, 1)",
        "expect(m.kw_a, 1) expect(n.kw_a, 1)",
        "expect(m.kw_a, 1) expect(x, 1)",
        "expect(",
        "expect(m.",
        "[==",
    };

    (void)state;
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++)
        is_field(texts[k], 1, NULL, NULL);
    assert_null(source_field(NULL, 1));
}

static void lines_and_calls(void **state)
{
    struct source *s = source_new("  a = 1\nf(1,\n  { 2 })\n", "expect");

    (void)state;
    assert_string_equal(source_line(s, 1), "a = 1");
    assert_null(source_line(s, 0));
    assert_null(source_line(s, 9));
    assert_null(source_line(NULL, 1));
    char *call = source_call(s, 2);
    assert_string_equal(call, "f(1, { 2 })");
    g_free(call);
    source_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_found),
        cmocka_unit_test(variables_are_fields),
        cmocka_unit_test(calculations_are_none),
        cmocka_unit_test(lines_and_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
