/* Tricks by which scripts have left sandboxes: each is refused, by a message or by the
 * thing not being there. And what differs from run to run in plain Lua does not here.
 */
#include "scenario_fixture.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* The script fails with this in its message. */
static const struct {
    const char *script, *message;
} refused[] = {
    { "os.exit(0)", "'os' is not available" },
    { "io.open('/etc/passwd')", "'io' is not available" },
    { "require 'os'", "'require' is not available" },
    { "dofile '/etc/passwd'", "'dofile' is not available" },
    { "loadfile '/etc/passwd'", "'loadfile' is not available" },
    { "loadstring 'x = 1'", "'loadstring' is not available" },
    { "package.loadlib('x', 'y')", "'package' is not available" },
    { "debug.getregistry()", "'debug' is not available" },
    { "debug.sethook()", "'debug' is not available" },
    { "collectgarbage 'stop'", "'collectgarbage' is not available" },
    { "coroutine.wrap(function() end)()", "'coroutine' is not available" },
    { "xpcall(error, print)", "'xpcall' is not available" },
    { "next {}", "'next' is not available" },
    { "load 'return os'()", "table expected" },
    { "load('return 1')", "table expected" },
    { "string.dump(function() end)", "attempt to call a nil value" },
    { "math.randomseed(1)", "attempt to call a nil value" },
    { "string.format('%p', {})", "%p is not available" },
    { "string.format('%5.3p', 'x')", "%p is not available" },
    { "getmetatable('').__index.rep = nil", "attempt to index a nil value" },
    { "setmetatable('', {})", "table expected" },
    { "setmetatable(_G, nil)", "protected metatable" },
    { "setmetatable({}, { __gc = function() end })", "finalizers" },
    { "local t = { __gc = 1 } setmetatable(t, t)", "finalizers" },
    { "while true do end", "1000000 steps without waiting" },
    { "repeat until false", "1000000 steps without waiting" },
    { "::a:: goto a", "1000000 steps without waiting" },
    { "while true do pcall(function() while true do end end) end", "steps without" },
    { "local function f() return pcall(f) end while true do f() end", "steps without" },
    { "while true do wait(0) end", "steps without waiting" },
    { "local t = setmetatable({}, { __index = function(t, k) return t[k + 1] end }) "
      "pcall(function() return t[1] end) while true do end",
      "steps without" },
    { "do local x <close> = setmetatable({}, { __close = function() while true do end "
      "end }) end",
      "steps without" },
    { "pcall(function() local x <close> = setmetatable({}, { __close = function() "
      "while "
      "true do end end }) error() end)",
      "steps without" },
    { "for _ in pairs(setmetatable({}, { __pairs = function() while true do end end "
      "})) do "
      "end",
      "steps without" },
    { "('x'):gsub('x', function() while true do end end)", "steps without" },
    { "meter {} always(function() while true do end end)", "steps without" },
    { "meter {} wait_until(function() while true do end end)", "steps without" },
    { "local s = 'x' while true do s = s .. s end", "8 MB of memory" },
    { "local t = {} for k = 1, 1e9 do t[k] = {} end", "8 MB of memory" },
    { "('x'):rep(1e9)", "more than 1 MB" },
    { "('x'):rep(1 << 60)", "more than 1 MB" },
    { "local function f() return 1 + f() end f()", "" },
    { "string.rep('(', 1e6):find(string.rep('(', 1e6))", "" },
    { "while true do print(('x'):rep(1000)) end", "prints more than" },
    { "for k = 1, 1e9 do meter {} end", "" },
    { "table.sort((function() local t = {} for k = 1, 101 do t[k] = k end return t "
      "end)())",
      "at most 100 elements" },
    { "for k in pairs { [{}] = 1 } do end", "has no order" },
    { "local m = meter {} getmetatable(m).__index = nil", "index a string" },
    { "local m = meter {} m.kw_total = 1", "read only" },
    { "local m = meter {} m.read({}, 21)", "a meter expected" },
    { "local m = meter {} ; ({}).x.y = m", "index a nil value" },
    { "pcall(meter, { name = {} }) pcall(meter) error 'end'", "end" },
    { "pcall(wait, '1 s') pcall(pcall, wait, 1) meter(3)", "table expected" },
    { "table.pack(table.unpack({}, 1, 1e8))", "too many results" },
    { "recording('/etc/passwd')", "/etc/passwd" },
};

/* The script passes. */
static const char *const harmless[] = {
    "expect(rawget(_G, 'os') == nil and rawget(_G, 'io') == nil)",
    "expect(rawget(_ENV, 'debug') == nil and rawget(_ENV, 'package') == nil)",
    "expect(rawget(string, 'dump') == nil)",
    "expect(getmetatable('') == 'locked' and getmetatable(_G) == 'locked')",
    "local t = setmetatable({}, { __index = function() return 7 end }) expect(t.x, 7)",
    "string.rep = nil local m = meter {} expect(m.alerts, 0)",
    "wait = nil load = nil meter {}",
    "local ok, why = pcall(error, 'x') expect(not ok and why == 'x')",
    "local ok, a, b = pcall(function() wait '1 s' return 1, 2 end) expect(ok and a + b "
    "== 3)",
    "expect(now() == 0) wait '1.5 s' expect(now() == 1.5)",
    "expect(tostring({}) == 'table' and tostring(print) == 'function')",
    "expect(string.format('%s %5.1f%%', {}, 2) == 'table   2.0%')",
    "local s = '' for k, v in pairs { b = 1, a = 2, 30, 10, [true] = 0, [-1] = 5 } do "
    "s = s .. tostring(k) .. ' ' end expect(s == '-1 1 2 a b true ')",
    "local n = 0 local t = { a = 1, b = 2, c = 3 } for k in pairs(t) do t[k] = nil n = "
    "n + 1 "
    "end expect(n == 3)",
    "local a, b = math.random(), math.random(10) expect(a >= 0 and a < 1) expect(b >= "
    "1 and "
    "b <= 10) expect(math.type(b) == 'integer')",
    "expect(math.random(5, 5) == 5)",
};

static void tricks_are_refused(void **state)
{
    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(refused); k++) {
        struct scenario_result r;
        run_text(refused[k].script, -1, &r);
        if (r.outcome != SCENARIO_MISUSED || !strstr(r.message, refused[k].message))
            fail_msg("%s\n%d: %s", refused[k].script, (int)r.outcome, r.message);
        scenario_result_clear(&r);
    }
}

static void plain_lua_works(void **state)
{
    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(harmless); k++) {
        struct scenario_result r;
        run_text(harmless[k], -1, &r);
        if (r.outcome != SCENARIO_PASSED)
            fail_msg("%s\n%d: %s", harmless[k], (int)r.outcome, r.message);
        scenario_result_clear(&r);
    }
}

static void compiled_chunks_are_refused(void **state)
{
    static const char chunk[] = "\x1bLua\x54\x00\x19\x93\r\n\x1a\n";
    struct scenario_result r;

    (void)state;
    run_text(chunk, sizeof chunk - 1, &r);
    assert_int_equal(r.outcome, SCENARIO_MISUSED);
    assert_non_null(strstr(r.message, "compiled Lua"));
    scenario_result_clear(&r);
}

/* A pattern that backtracks is stopped by its steps, with its line. */
static void patterns_are_stopped(void **state)
{
    static const char *const endless[] = {
        "\n(('a'):rep(60)):find(('.-'):rep(25) .. 'b')",
        "\n(('a'):rep(60)):match(('a*'):rep(25) .. 'b')",
        "\nlocal s = ('a'):rep(60):gsub(('a*'):rep(25) .. 'b', '')",
        ("\nfor _ in ('a'):rep(60):gmatch(('a?'):rep(60) .. ('a'):rep(60) .. 'b') do "
         "end"),
        "\npcall(string.find, ('a'):rep(60), ('.-'):rep(25) .. 'b')",
        "\nlocal s = ('('):rep(30000) for _ = 1, 1000 do s:find('%b()') end",
    };

    (void)state;
    for (size_t k = 0; k < G_N_ELEMENTS(endless); k++) {
        struct scenario_result r;
        run_text(endless[k], -1, &r);
        assert_int_equal(r.outcome, SCENARIO_MISUSED);
        if (!strstr(r.message, ":2: the script ran 1000000 steps without waiting"))
            fail_msg("%s\n%s", endless[k], r.message);
        scenario_result_clear(&r);
    }
}

/* A scenario of years is stopped, with the time that it came to. */
static void the_time_limit_holds(void **state)
{
    char *path = write_script("meter {} wait '10000 d'", -1);
    struct scenario_result r;

    (void)state;
    scenario_run(&(struct scenario_options){ .path = path, .time_limit_s = 0.1 }, &r);
    assert_int_equal(r.outcome, SCENARIO_MISUSED);
    assert_non_null(strstr(r.message, "time limit of 0.1 s"));
    scenario_result_clear(&r);
    remove_script(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tricks_are_refused),
        cmocka_unit_test(plain_lua_works),
        cmocka_unit_test(compiled_chunks_are_refused),
        cmocka_unit_test(patterns_are_stopped),
        cmocka_unit_test(the_time_limit_holds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
