/* The verb print: a line in the scenario's log. */
#include "sim/script/script_state.h"
#include "sim/script/script_verbs.h"

enum { LOG_MAX = 1 << 20, BYTES_PER_STEP = 8 };

int script_print(lua_State *L)
{
    struct script *s = script_of(L);
    int count = lua_gettop(L);
    luaL_Buffer line;

    luaL_buffinit(L, &line);
    for (int k = 1; k <= count; k++) {
        if (k > 1)
            luaL_addchar(&line, '\t');
        sandbox_push_text(L, k);
        luaL_addvalue(&line);
    }
    luaL_pushresult(&line);
    sandbox_count_steps(L, (int64_t)lua_rawlen(L, -1) / BYTES_PER_STEP);
    if (s->log->len + lua_rawlen(L, -1) > LOG_MAX)
        return luaL_error(L, "print: the script prints more than %d bytes", LOG_MAX);
    script_line(s, lua_tostring(L, -1));
    return 0;
}
