/* A word of the language: one row of a table, which the documentation, `metersim verbs`
 * and the hints for misspelt names are made from, and one function. Tables end with a
 * row without a name. */
#ifndef SIM_LUA_VERB_H
#define SIM_LUA_VERB_H

#include <lua.h>

struct verb {
    const char *name;
    const char *arguments; /* in words */
    const char *text;
    lua_CFunction call;
};

/* The row of that name, or NULL. */
const struct verb *verb_find(const struct verb *rows, const char *name);

#endif
