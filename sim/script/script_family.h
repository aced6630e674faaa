/* A family of verbs with what it remembers of a script: one row of the table in
 * script_language.c. Hooks may be NULL; they are called in the table's order. */
#pragma once

#include <glib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct script;

/* Words of the language: tables that end with a row without a name. */
struct script_words {
    const struct verb *verbs;
    const struct verb *meter_methods, *meter_fields;
    const struct verb *line_methods, *line_fields;
    const struct verb *gateway_methods, *gateway_fields;
};

struct script_family {
    size_t size; /* of its state, all 0 at first */
    /* Each has a list, too: how an item is freed, NULL: not; and whether the list is
     * emptied when the script is over. */
    void (*free_item)(void *item);
    bool clears;
    void (*open)(struct script *s, void *state);
    /* The script has come to its end: what is watched is looked at once more. */
    void (*finish)(struct script *s, void *state);
    /* It has passed; faults are in force still. */
    void (*passed)(struct script *s, void *state);
    /* It is over: nothing goes on. */
    void (*end)(struct script *s, void *state);
    /* After end, before Lua is closed and the list is freed. */
    void (*close)(struct script *s, void *state);
    /* Lets the coroutine go on then, when it is one of the family's. */
    bool (*wake_at)(struct script *s, void *state, const lua_State *L, int64_t at_ns);
    /* Why the state of the meters cannot be saved now, to be freed; NULL: it can. */
    char *(*obstacle)(struct script *s, void *state);
    void (*restored)(struct script *s, void *state); /* time has gone back */
};

/* The family's state and its list in this script. */
GPtrArray *script_family_list(const struct script *s,
                              const struct script_family *family);
void *script_family_state(const struct script *s, const struct script_family *family);
