/* A script from within: what all verbs share. Memory that outlives a call is owned by
 * struct script or by the state of a family (script_family.h), because a Lua error jumps
 * over everything else. */
#pragma once

#include "sim/lua/args.h"
#include "sim/lua/sandbox.h"
#include "sim/lua/source.h"
#include "sim/lua/verb.h"
#include "sim/script/script.h"
#include "sim/script/script_family.h"
#include "sim/site/site.h"
#include <glib.h>
#include <lauxlib.h>
#include <lua.h>

struct script {
    struct script_options options;
    struct sim *sim;
    lua_State *L;    /* conditions are evaluated here */
    lua_State *body; /* the scenario's coroutine */
    struct sandbox sandbox;
    enum scenario_outcome outcome;
    char *path, *name;     /* of the file; messages have its name */
    char *folder;          /* of its files; NULL: a console has none of its own */
    struct source *source; /* NULL: a console's */
    GString *message, *log;
    int64_t checks;
    uint64_t wake; /* event */
    struct site site;
    bool ended;
    bool runs;        /* its Lua does, in the program's thread */
    bool live;        /* a console's: it goes on after whatever goes wrong */
    bool begins_case; /* the body has become another one */
    const struct script_words *words;
    const struct script_family *const *families;
    void **state; /* of each */
    GPtrArray **list;
};

static inline struct script *script_of(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);

    others_hold(s->others); /* who asks is going to touch the plant */
    return (struct script *)s->host;
}

static inline bool script_over(const struct script *s)
{
    return s->outcome != SCENARIO_RUNNING;
}

/* script_new for these words and families, which end with NULL. */
struct script *script_new_with(struct sim *sim, const struct script_options *options,
                               const struct script_words *words,
                               const struct script_family *const *families);

/* Around all that runs its Lua from outside: others are served meanwhile. What the first
 * returns is for the second. */
bool script_enter(struct script *s);
void script_leave(struct script *s, bool entered);

/* Lets the coroutine L go on then; it is to yield at once. */
void script_wake_at(lua_State *L, int64_t at_ns);

/* After the outcome is known, outside of Lua. */
void script_end(struct script *s);

/* A console's script forgets what went wrong. */
void script_revive(struct script *s);

void script_line(struct script *s, const char *line); /* to the log */

/* An expectation that failed: the text is what follows "file:line: ". */
void script_set_failed(struct script *s, int line, const char *text);
void script_set_misused(struct script *s, const char *message);
int script_skip(lua_State *L, const char *why); /* not for this run; does not return */

/* The same by the error on top of L's stack. `line` is for errors of memory, which have
 * none: 0 where L is a coroutine that still stands where it happened. */
void script_set_misused_by(struct script *s, lua_State *L, int status, int line);

/* Why the state of the meters cannot be saved now, to be freed; NULL: it can. */
char *script_obstacle(struct script *s);

/* Simulated time has gone back. */
void script_restored(struct script *s);
