/* Values of the language with fields of their own. See userdata.h. */
#include "sim/lua/userdata.h"
#include "sim/lua/sandbox.h"
#include <string.h>

void *userdata_push(lua_State *L, size_t size, const char *type,
                    const luaL_Reg *functions)
{
    void *value = lua_newuserdatauv(L, size, 0);

    memset(value, 0, size);
    if (luaL_newmetatable(L, type)) {
        for (; functions && functions->name; functions++) {
            sandbox_push_verb(L, functions->func);
            lua_setfield(L, -2, functions->name);
        }
        lua_pushliteral(L, "locked");
        lua_setfield(L, -2, "__metatable");
    }
    lua_setmetatable(L, -2);
    return value;
}
