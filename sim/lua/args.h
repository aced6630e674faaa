/* Arguments of verbs: named fields of a table, numbers with units, choices. Errors name
 * the verb and the field. */
#pragma once

#include "sim/lua/value.h"
#include <lauxlib.h>
#include <lua.h>
#include <stdint.h>

void args_names(lua_State *L, int table, const char *verb, const char *const *names);

/* Value at `index` (a number in base units or a string with a unit). */
double args_value(lua_State *L, int index, enum dimension dimension, const char *what);
bool args_quantity(lua_State *L, int table, const char *verb, const char *field,
                   enum dimension dimension, double *value);
double args_range(lua_State *L, double value, double min, double max, const char *what);

/* The length of a list; an error for a table with anything else in it, which would be
 * passed over without a word. */
lua_Integer args_list(lua_State *L, int list, const char *what);

/* "2 %" or 2. */
double args_percent(lua_State *L, int index, const char *what);

/* A value for all phases, or a list of three: one that is shorter would leave phases at
 * 0 without a word. args_three refuses the other lists. */
void args_three(lua_State *L, int list, const char *what);
bool args_phases(lua_State *L, int table, const char *verb, const char *field,
                 enum dimension dimension, double values[3]);

/* NULL when it is not given. */
const char *args_text(lua_State *L, int table, const char *verb, const char *field);
bool args_flag(lua_State *L, int table, const char *verb, const char *field);

/* A table whose rows begin with their names, one of which a script gives. */
struct args_choice {
    const char *what; /* "unknown event" */
    const void *rows;
    size_t row_size;
    int count;
    const char *all; /* the names, for the message: " (wye, star)"; "" when too many */
};

/* The row of that name; an error that begins with the verb (NULL: with none). */
int args_choose(lua_State *L, const char *verb, const struct args_choice *choice,
                const char *name);

/* "A", "BC", "all" into bits 0-2; 0 when the text is none. */
unsigned args_letters(const char *text);

/* A duration, as nanoseconds. */
int64_t args_ns(lua_State *L, int index, const char *what);

/* An error where the script cannot wait. */
void args_can_wait(lua_State *L);
