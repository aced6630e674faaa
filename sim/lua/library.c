/* Lua's own libraries, function by function. See library.h. What a function allocates
 * counts where it is allocated (sandbox.c); a row has what it reads or repeats without
 * that: for it the steps are known before the call, and a call beyond the limit is not
 * begun. Functions whose loops may run for long by themselves are in tables.c,
 * strings.c and pairs.c, which count as they go. */
#include "sim/lua/library.h"
#include "sim/lua/sandbox.h"
#include "sim/lua/strings.h"
#include "sim/lua/tables.h"
#include <lauxlib.h>
#include <string.h>

/* Bytes per step: of what is copied or compared, of what is parsed, of what is only
 * searched for its end. */
enum { COPIED = 16, PARSED = 4, SCANNED = 128 };

static int64_t size_of(lua_State *L, int index)
{
    return lua_type(L, index) == LUA_TSTRING ? (int64_t)lua_rawlen(L, index) : 0;
}

static int64_t arguments(lua_State *L)
{
    return lua_gettop(L) / COPIED;
}

/* Numbers are read from their digits; keys are hashed and compared. */
static int64_t texts(lua_State *L)
{
    int64_t steps = arguments(L);

    for (int k = 1; k <= lua_gettop(L); k++)
        steps += size_of(L, k) / PARSED;
    return steps;
}

/* The first argument is not read as a number, the others are. */
static int64_t numbers(lua_State *L)
{
    return texts(L) - size_of(L, 1) / PARSED;
}

/* "" repeated without end is a loop without end. A text that is too long is refused
 * before Lua tries to have the memory: it would first collect all garbage at once. */
static int64_t repeated(lua_State *L)
{
    const int64_t piece = size_of(L, 1) + size_of(L, 3);

    if (piece > 0 && lua_tointeger(L, 2) > SANDBOX_TEXT_MAX / piece + 1)
        luaL_error(L, "string.rep: a string of more than 1 MB");
    if (size_of(L, 1) == 0 && size_of(L, 3) == 0 && lua_isinteger(L, 2) &&
        lua_tointeger(L, 2) > 1) {
        lua_pushinteger(L, 1);
        lua_replace(L, 2);
    }
    return numbers(L);
}

/* A field of text may have its end far off. */
static int64_t unpacked(lua_State *L)
{
    return size_of(L, 1) / PARSED + size_of(L, 2) / SCANNED;
}

static int64_t range(lua_State *L, lua_Integer last)
{
    int64_t size = size_of(L, 1);
    lua_Integer from = lua_tointeger(L, 2), to = last;

    if (!lua_isnoneornil(L, 3))
        to = lua_tointeger(L, 3);
    from = from < 0 && from >= -size ? size + from + 1 : from;
    to = to < 0 && to >= -size ? size + to + 1 : to;
    from = from < 1 ? 1 : from;
    to = to > size || to < 0 ? size : to;
    return to > from ? (to - from) / PARSED : 0;
}

/* s, i, j, where j is i if it is not given. */
static int64_t characters(lua_State *L)
{
    return range(L, lua_tointeger(L, 2));
}

/* s, i, j, where j is the end if it is not given. */
static int64_t to_the_end(lua_State *L)
{
    return range(L, -1);
}

static int64_t offset(lua_State *L)
{
    lua_Integer n = lua_tointeger(L, 2);
    int64_t size = size_of(L, 1);

    return (n > -size && n < size ? (n < 0 ? -n : n) : size) / PARSED + 1;
}

struct row {
    const char *library, *name;
    int64_t (*steps)(lua_State *L); /* NULL: not worth counting, or counts itself */
    lua_CFunction call;             /* instead of Lua's own; NULL: Lua's own */
};

static const struct row rows[] = {
    { "_G", "assert", NULL, NULL },
    { "_G", "error", NULL, NULL },
    { "_G", "getmetatable", NULL, NULL },
    { "_G", "ipairs", NULL, NULL },
    { "_G", "pairs", NULL, NULL },
    { "_G", "pcall", NULL, NULL },
    { "_G", "rawequal", texts, NULL },
    { "_G", "rawget", texts, NULL },
    { "_G", "rawlen", NULL, NULL },
    { "_G", "rawset", texts, NULL },
    { "_G", "select", arguments, NULL },
    { "_G", "setmetatable", NULL, NULL },
    { "_G", "tonumber", texts, NULL },
    { "_G", "tostring", NULL, NULL },
    { "_G", "type", NULL, NULL },
    { "math", "abs", texts, NULL },
    { "math", "acos", texts, NULL },
    { "math", "asin", texts, NULL },
    { "math", "atan", texts, NULL },
    { "math", "ceil", texts, NULL },
    { "math", "cos", texts, NULL },
    { "math", "deg", texts, NULL },
    { "math", "exp", texts, NULL },
    { "math", "floor", texts, NULL },
    { "math", "fmod", texts, NULL },
    { "math", "log", texts, NULL },
    { "math", "max", texts, NULL },
    { "math", "min", texts, NULL },
    { "math", "modf", texts, NULL },
    { "math", "rad", texts, NULL },
    { "math", "random", texts, NULL },
    { "math", "sin", texts, NULL },
    { "math", "sqrt", texts, NULL },
    { "math", "tan", texts, NULL },
    { "math", "tointeger", texts, NULL },
    { "math", "type", NULL, NULL },
    { "math", "ult", texts, NULL },
    { "string", "byte", characters, NULL },
    { "string", "char", texts, NULL },
    { "string", "find", numbers, strings_find },
    { "string", "format", texts, NULL },
    { "string", "gmatch", numbers, strings_gmatch },
    { "string", "gsub", numbers, strings_gsub },
    { "string", "len", NULL, NULL },
    { "string", "lower", NULL, NULL },
    { "string", "match", numbers, strings_match },
    { "string", "pack", texts, NULL },
    { "string", "packsize", texts, NULL },
    { "string", "rep", repeated, NULL },
    { "string", "reverse", NULL, NULL },
    { "string", "sub", numbers, NULL },
    { "string", "unpack", unpacked, NULL },
    { "string", "upper", NULL, NULL },
    { "table", "concat", numbers, tables_concat },
    { "table", "insert", numbers, tables_insert },
    { "table", "move", numbers, tables_move },
    { "table", "pack", arguments, NULL },
    { "table", "remove", numbers, tables_remove },
    { "table", "sort", NULL, NULL },
    { "table", "unpack", numbers, tables_unpack },
    { "utf8", "char", texts, NULL },
    { "utf8", "codepoint", characters, NULL },
    { "utf8", "codes", NULL, strings_codes },
    { "utf8", "len", to_the_end, NULL },
    { "utf8", "offset", offset, NULL },
};

/* Upvalues: the function, the index of its row. Lua's own functions have no upvalues, so they run
 * in this one's frame, where errors find their names. */
static int counted(lua_State *L)
{
    const struct row *row = &rows[lua_tointeger(L, lua_upvalueindex(2))];

    sandbox_count_steps(L, row->steps(L));
    return (row->call ? row->call : lua_tocfunction(L, lua_upvalueindex(1)))(L);
}

static const struct row *find_row(const char *library, const char *name)
{
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        if (!strcmp(rows[k].library, library) && !strcmp(rows[k].name, name))
            return &rows[k];
    return NULL;
}

/* Pushes what stands for the function on top, which it pops. */
static void replace(lua_State *L, const struct row *row)
{
    if (row && row->steps) {
        lua_pushinteger(L, row - rows);
        lua_pushcclosure(L, counted, 2);
        return;
    }
    if (row && row->call) {
        lua_pushcclosure(L, row->call, 1);
        return;
    }
    lua_pop(L, 1);
    lua_pushnil(L);
}

/* The table is on top. Fields that are there may be changed while it is traversed. */
static void replace_in(lua_State *L, const char *library)
{
    for (lua_pushnil(L); lua_next(L, -2);) {
        const char *name = lua_tostring(L, -2);
        const struct row *row = find_row(library, name);
        if (lua_isfunction(L, -1) && !(row && !row->steps && !row->call)) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            replace(L, row);
            lua_rawset(L, -4);
        } else {
            lua_pop(L, 1);
        }
    }
}

void library_replace(lua_State *L)
{
    static const char *const libraries[] = { "_G", "math", "string", "table", "utf8" };

    for (size_t k = 0; k < sizeof libraries / sizeof *libraries; k++) {
        lua_getglobal(L, libraries[k]);
        replace_in(L, libraries[k]);
        lua_pop(L, 1);
    }
}
