/* Patterns and their functions against Lua's own, over many texts and patterns. */
#include "sim/lua/sandbox.h"
#include "sim/lua/strings.h"
#include <lauxlib.h>
#include <lualib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Each function of ours against Lua's with every pair; what they return or raise must
 * be the same. */
static const char compare[] =
    "local texts = { '', 'a', 'hello world', 'key = value', '  x  ', 'THE (quick) "
    "fox',\n"
    "  'a,b,,c', 'f(a(b)c)d', '2026-11-21T05:40', 'aaa', '%d', 'x=1, y=22', "
    "'\\0a\\0',\n"
    "  '[]]', 'ab\\nab', '480 V', 'aXbXc', '-12.5e3' }\n"
    "local patterns = { '', 'a', '.', 'a*', 'a-', 'a+', 'a?', '^a', 'a$', '^a$', "
    "'(a)(b)',\n"
    "  '%w+', '(%w+)%s*=%s*(%w+)', '%b()', '%f[%w]%w+', '()a()', '[abc]+', '[^abc]+',\n"
    "  '[a-c]', '[]]', '[^]]', '[%]]', '%S+', '(.)%1', '(.)(.)%2%1', '%d+%-%d+', "
    "'[%w_]+$',\n"
    "  '(', ')', '%', '[a', '[', '%1', '(()', '%f', '%b', '%bx', 'a-$', '.-b', "
    "'(a*(.)%w(%s*))',\n"
    "  '[a-]', '[-a]', '[%a-z]', '%z', '\\0', '$', '^', '^^', 'a$b', '[^', '%u+', "
    "'%x%X',\n"
    "  '^(-?%d+)%.?(%d*)', '(%d+) ?(%a*)', '%p', '%c', '%g+', '%l%L', '((a)(b)?)', "
    "'.*', '.-' }\n"
    "local replacements = { '', 'x', '%0%0', '%1', '%%', '%2', '%', '%a',\n"
    "  function(a, b) return b end, function() return false end,\n"
    "  function() return {} end, { a = 1, hello = 'bye' } }\n"
    "local function same(name, f, g, ...)\n"
    "  local x, y = table.pack(pcall(f, ...)), table.pack(pcall(g, ...))\n"
    "  local equal = x.n == y.n\n"
    "  for k = 1, x.n do equal = equal and x[k] == y[k] end\n"
    "  if x[1] == false and y[1] == false then equal = (tostring(x[2]):gsub('^.-:%d+: "
    "', ''))\n"
    "    == (tostring(y[2]):gsub('^.-:%d+: ', '')) end\n"
    "  if not equal then error(name .. ': ' .. string.format('%q %q', (...), "
    "(select(2, ...)))\n"
    "    .. ' ' .. tostring(x[2]) .. ' / ' .. tostring(y[2])) end\n"
    "end\n"
    "local function list(gmatch) return function(...) local t = {}\n"
    "  for a, b in gmatch(...) do t[#t + 1] = tostring(a) .. tostring(b) end\n"
    "  return table.concat(t, '|') end end\n"
    "local n = 0\n"
    "for _, t in ipairs(texts) do for _, p in ipairs(patterns) do\n"
    "  for from = -3, 4 do n = n + 1\n"
    "    same('find', ours.find, string.find, t, p, from)\n"
    "    same('plain', ours.find, string.find, t, p, from, true)\n"
    "    same('match', ours.match, string.match, t, p, from) end\n"
    "    same('gmatch', list(ours.gmatch), list(string.gmatch), t, p)\n"
    "  for _, r in ipairs(replacements) do\n"
    "    same('gsub', ours.gsub, string.gsub, t, p, r)\n"
    "    same('gsub', ours.gsub, string.gsub, t, p, r, 1) end\n"
    "end end\n"
    "return n\n";

static int64_t stand_still(const void *host)
{
    (void)host;
    return 0;
}

static bool never_over(const void *host)
{
    (void)host;
    return false;
}

static const luaL_Reg ours[] = { { "find", strings_find },
                                 { "match", strings_match },
                                 { "gmatch", strings_gmatch },
                                 { "gsub", strings_gsub },
                                 { NULL, NULL } };

/* The functions of `table` over small tables and positions at all edges. */
static const char compare_tables[] =
    "local edges = { math.mininteger, -1, 0, 1, 2, 3, 4, 5, math.maxinteger, '2', 'x', "
    "1.5 }\n"
    "local function show(r, t) local s = tostring(r[1])\n"
    "  for k = 2, r.n do s = s .. ' ' .. tostring(r[k]) end\n"
    "  for k, v in pairs(t) do s = s .. '|' .. tostring(k) .. '=' .. tostring(v) end\n"
    "  return (s:gsub('^false .-:%d+: ', 'false '):gsub('#%d+ to .- %(', '(')) end\n"
    "local function try(f, ...) local t = { 'a', 'b', 3 }\n"
    "  return show(table.pack(pcall(f, t, ...)), t) end\n"
    "local n = 0\n"
    "local function same(name, ...) n = n + 1\n"
    "  local x, y = try(table[name], ...), try(theirs[name], ...)\n"
    "  if x ~= y then error(name .. ': ' .. x .. ' / ' .. y) end end\n"
    "for _, a in ipairs(edges) do\n"
    "  same('remove', a) same('insert', a)\n"
    "  for _, b in ipairs(edges) do\n"
    "    same('insert', a, b) same('insert', a, b, 1)\n"
    "    local i, j = math.tointeger(a), math.tointeger(b)\n"
    "    if i and j and (j - i < 9 and j - i >= 0 or j < i) then\n"
    "      same('unpack', a, b) same('concat', '-', a, b)\n"
    "      for _, c in ipairs(edges) do same('move', a, b, c) same('move', a, b, c, "
    "{}) end\n"
    "    end\n"
    "  end\n"
    "end\n"
    "same('remove') same('insert') same('unpack') same('concat') same('concat', 1) "
    "same('move')\n"
    "return n\n";

static void same_as_luas_own(void **state)
{
    const struct verb none[] = { { NULL, NULL, NULL, NULL } };
    struct sandbox sandbox = { .verbs = none,
                               .step_limit = INT64_MAX,
                               .memory_limit = 256 << 20,
                               .now_ns = stand_still,
                               .over = never_over };
    lua_State *L = sandbox_new(&sandbox);

    (void)state;
    assert_non_null(L);
    lua_pushcfunction(L, luaopen_string); /* Lua's own, for comparison */
    lua_call(L, 0, 1);
    lua_newtable(L);
    luaL_setfuncs(L, ours, 0);
    lua_pushglobaltable(L);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "ours");
    lua_pushvalue(L, -3);
    lua_setfield(L, -2, "string");
    lua_settop(L, 0);
    if (luaL_dostring(L, compare))
        fail_msg("%s", lua_tostring(L, -1));
    assert_true(lua_tointeger(L, -1) > 5000);
    lua_pushcfunction(L, luaopen_table);
    lua_call(L, 0, 1);
    lua_setglobal(L, "theirs");
    if (luaL_dostring(L, compare_tables))
        fail_msg("%s", lua_tostring(L, -1));
    assert_true(lua_tointeger(L, -1) > 1000);
    lua_close(L);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_luas_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
