/* string.find, match, gmatch and gsub over patterns whose work is counted
 * (pattern.h), and utf8.codes; otherwise as Lua's own. */
#include "sim/lua/strings.h"
#include "sim/lua/pattern.h"
#include "sim/lua/sandbox.h"
#include <lauxlib.h>
#include <string.h>

/* Position `at` of a text, from 1, negative from its end, as an offset from 0. */
static size_t start_of(lua_Integer at, size_t size)
{
    if (at > 0)
        return (size_t)at - 1;
    if (at == 0 || at < -(lua_Integer)size)
        return 0;
    return size - (size_t)-at;
}

static const char *find_plain(const char *text, size_t size, const char *part,
                              size_t part_size)
{
    return memmem(text, size, part, part_size);
}

static int push_plain(lua_State *L, const char *text, const char *found, size_t size)
{
    if (!found) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - text + 1);
    lua_pushinteger(L, found - text + (lua_Integer)size);
    return 2;
}

static int search(lua_State *L, bool find)
{
    size_t size, pattern_size;
    const char *text = luaL_checklstring(L, 1, &size);
    const char *pattern = luaL_checklstring(L, 2, &pattern_size);
    size_t start = start_of(luaL_optinteger(L, 3, 1), size);
    struct pattern_match m;

    if (start > size) {
        lua_pushnil(L);
        return 1;
    }
    if (find &&
        (lua_toboolean(L, 4) || strcspn(pattern, "^$*+?.([%-") >= pattern_size)) {
        sandbox_count_steps(L, (int64_t)(size - start));
        return push_plain(L, text,
                          find_plain(text + start, size - start, pattern, pattern_size),
                          pattern_size);
    }
    bool anchored = *pattern == '^';
    pattern_start(&m, L, text, size, pattern, pattern_size);
    for (const char *at = text + start; at <= m.text_end; at++) {
        const char *end = pattern_at(&m, at, pattern + anchored);
        if (end && find) {
            lua_pushinteger(L, at - text + 1);
            lua_pushinteger(L, end - text);
            return 2 + pattern_push_all(&m, at, end, false);
        }
        if (end)
            return pattern_push_all(&m, at, end, true);
        if (anchored)
            break;
    }
    lua_pushnil(L);
    return 1;
}

int strings_find(lua_State *L)
{
    return search(L, true);
}

int strings_match(lua_State *L)
{
    return search(L, false);
}

/* Upvalues: text, pattern, where to go on (from 0), where the last match ended. */
static int next_match(lua_State *L)
{
    size_t size, pattern_size;
    const char *text = lua_tolstring(L, lua_upvalueindex(1), &size);
    const char *pattern = lua_tolstring(L, lua_upvalueindex(2), &pattern_size);
    lua_Integer from = lua_tointeger(L, lua_upvalueindex(3)),
                last = lua_tointeger(L, lua_upvalueindex(4));
    struct pattern_match m;

    pattern_start(&m, L, text, size, pattern, pattern_size);
    for (; from <= (lua_Integer)size; from++) {
        const char *end = pattern_at(&m, text + from, pattern);
        if (!end || end - text == last)
            continue;
        lua_pushinteger(L, end - text);
        lua_copy(L, -1, lua_upvalueindex(3));
        lua_replace(L, lua_upvalueindex(4));
        return pattern_push_all(&m, text + from, end, true);
    }
    return 0;
}

int strings_gmatch(lua_State *L)
{
    size_t size;

    luaL_checklstring(L, 1, &size);
    luaL_checkstring(L, 2);
    size_t start = start_of(luaL_optinteger(L, 3, 1), size);
    lua_settop(L, 2);
    lua_pushinteger(L, start > size ? (lua_Integer)size + 1 : (lua_Integer)start);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, next_match, 4);
    return 1;
}

/* "%1", "%%" in the text of a replacement. */
static void add_text(struct pattern_match *m, luaL_Buffer *out, const char *from,
                     const char *to)
{
    size_t size;
    const char *text = lua_tolstring(m->L, 3, &size), *end = text + size;

    sandbox_count_steps(m->L, (int64_t)size / 4);
    for (; text < end; text++) {
        if (*text != '%') {
            luaL_addchar(out, *text);
            continue;
        }
        text++;
        if (text < end && *text == '%')
            luaL_addchar(out, '%');
        else if (text < end && *text == '0')
            luaL_addlstring(out, from, (size_t)(to - from));
        else if (text < end && *text >= '1' && *text <= '9') {
            pattern_push(m, *text - '1', from, to);
            luaL_tolstring(m->L, -1, NULL);
            lua_remove(m->L, -2);
            luaL_addvalue(out);
        } else
            luaL_error(m->L, "invalid use of '%%' in replacement string");
    }
}

/* What stands for the match from … to; true: it is something else. */
static bool add_value(struct pattern_match *m, luaL_Buffer *out, const char *from,
                      const char *to)
{
    lua_State *L = m->L;

    switch (lua_type(L, 3)) {
    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        lua_call(L, pattern_push_all(m, from, to, true), 1);
        break;
    case LUA_TTABLE:
        pattern_push(m, 0, from, to);
        lua_gettable(L, 3);
        break;
    default:
        add_text(m, out, from, to);
        return true;
    }
    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(out, from, (size_t)(to - from));
        return false;
    }
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(out);
    return true;
}

int strings_gsub(lua_State *L)
{
    size_t size, pattern_size;
    const char *text = luaL_checklstring(L, 1, &size), *last = NULL;
    const char *pattern = luaL_checklstring(L, 2, &pattern_size);
    int type = lua_type(L, 3);
    lua_Integer max = luaL_optinteger(L, 4, (lua_Integer)size + 1), count = 0;
    bool anchored = *pattern == '^';
    struct pattern_match m;
    luaL_Buffer out;

    luaL_argexpected(L,
                     type == LUA_TNUMBER || type == LUA_TSTRING ||
                         type == LUA_TFUNCTION || type == LUA_TTABLE,
                     3, "string/function/table");
    if (type == LUA_TNUMBER)
        lua_tolstring(L, 3, NULL);
    luaL_buffinit(L, &out);
    pattern_start(&m, L, text, size, pattern, pattern_size);
    while (count < max) {
        const char *end = pattern_at(&m, text, pattern + anchored);
        if (end && end != last) {
            count++;
            add_value(&m, &out, text, end);
            text = last = end;
        } else if (text < m.text_end)
            luaL_addchar(&out, *text++);
        else
            break;
        if (anchored)
            break;
    }
    luaL_addlstring(&out, text, (size_t)(m.text_end - text));
    luaL_pushresult(&out);
    lua_pushinteger(L, count);
    return 2;
}

/* Upvalues: what goes on behind a position. It passes over all bytes that continue a
 * character, however many they are. */
static int next_code(lua_State *L)
{
    size_t size;
    const char *text = luaL_checklstring(L, 1, &size);
    lua_Integer at = luaL_checkinteger(L, 2);
    size_t from = at < 0 || (size_t)at > size ? size : (size_t)at, to = from;

    while (to < size && ((unsigned char)text[to] & 0xC0) == 0x80)
        to++;
    sandbox_count_steps(L, (int64_t)(to - from));
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, LUA_MULTRET);
    return lua_gettop(L);
}

/* Upvalue: Lua's own. */
int strings_codes(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, 2, 3);
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, next_code, 1);
    lua_replace(L, 1);
    return 3;
}
