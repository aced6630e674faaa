/* A word of the language: one row of a table, which the documentation, `metersim verbs`
 * and the hints for misspelt names are made from, and one function. Tables end with a
 * row without a name. */
#pragma once

#include <lua.h>

struct verb {
    const char *name;
    const char *arguments; /* in words */
    const char *text;
    lua_CFunction call;
};

/* The row of that name, or NULL. */
const struct verb *verb_find(const struct verb *rows, const char *name);

/* An object's field by that name: the row of `fields` is called, of a row of `methods`
 * the function is pushed. How many were pushed; -1: no such row. */
int verb_push(lua_State *L, const char *name, const struct verb *fields,
              const struct verb *methods);

/* The same for argument 2 of __index; an error names the nearest one when there is no
 * such row. `object`: "a line". */
int verb_index(lua_State *L, const char *object, const struct verb *fields,
               const struct verb *methods);
