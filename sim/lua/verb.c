/* Rows of words. See verb.h. */
#include "sim/lua/verb.h"
#include "sim/lua/near_name.h"
#include "sim/lua/sandbox.h"
#include <lauxlib.h>
#include <string.h>

const struct verb *verb_find(const struct verb *rows, const char *name)
{
    for (; rows->name; rows++)
        if (!strcmp(rows->name, name))
            return rows;
    return NULL;
}

int verb_push(lua_State *L, const char *name, const struct verb *fields,
              const struct verb *methods)
{
    const struct verb *row = verb_find(fields, name);

    if (row)
        return row->call(L);
    row = verb_find(methods, name);
    if (!row)
        return -1;
    sandbox_push_verb(L, row->call);
    return 1;
}

int verb_index(lua_State *L, const char *object, const struct verb *fields,
               const struct verb *methods)
{
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    const int pushed = verb_push(L, name, fields, methods);
    struct near_name near;
    char hint[80];

    if (pushed >= 0)
        return pushed;
    near_name_start(&near, name);
    for (; methods->name; methods++)
        near_name_offer(&near, methods->name);
    for (; fields->name; fields++)
        near_name_offer(&near, fields->name);
    return luaL_error(L, "%s has no field '%s'%s", object, name,
                      near_name_hint(&near, hint, sizeof hint));
}
