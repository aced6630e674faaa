/* A Lua state for text that nobody has checked: bounded memory, bounded steps, and only
 * what cannot reach outside and gives the same results everywhere. What the words of the
 * language do is for the host, who gives their table and is asked when to stop. */
#pragma once

#include "sim/lua/verb.h"
#include "sim/plant/others.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox {
    const char *name;         /* of the file, for messages */
    const struct verb *verbs; /* they become globals */
    size_t memory_limit;      /* bytes */
    int64_t step_limit;       /* Lua instructions while now_ns stands still */
    int64_t deadline_us;      /* of g_get_monotonic_time; 0: none */
    uint64_t random;          /* state of math.random */
    void *host;
    int64_t (*now_ns)(const void *host);
    /* Nothing of the script may run any more: no pcall catches that. */
    bool (*over)(const void *host);
    /* A limit was exceeded, or it is over ("" then). Returns the error's text. */
    const char *(*stop)(void *host, const char *why);
    struct others *others; /* who is served while it computes; NULL: nobody */
    int64_t busy_limit_us; /* of the processor, while now_ns stands still; 0: none */
    /* Its own. */
    size_t memory;
    int64_t steps, steps_at_ns;
    int64_t busy_from_us; /* the processor's */
    unsigned counts;
    bool text_refused;
};

/* Longest string of a script: one instruction may go through all of it. */
enum { SANDBOX_TEXT_MAX = 1 << 20 };

/* The struct has to outlive the state. NULL: not enough memory. */
lua_State *sandbox_new(struct sandbox *s);

struct sandbox *sandbox_of(lua_State *L);

/* Pushes a function that touches the plant. Whatever else Lua runs must not. */
void sandbox_push_verb(lua_State *L, lua_CFunction call);

/* The table at the top has no other names: `unknown` is called for them. */
void sandbox_close_names(lua_State *L, lua_CFunction unknown);

/* Work that is to be done or has been done; an error beyond the limit of steps or of
 * time. */
void sandbox_count_steps(lua_State *L, int64_t steps);

/* Steps are counted from 0 again, though time stands still. */
void sandbox_restart(struct sandbox *s);

/* Memory that the script has outside of Lua; below 0: that it no longer has. False: it
 * may not have so much. */
bool sandbox_charge(struct sandbox *s, int64_t bytes);

/* What was exceeded when memory was refused: "more than 64 MB of memory". To be freed. */
char *sandbox_refusal(const struct sandbox *s);

/* Line of the script that called, or 0. */
int sandbox_line(lua_State *L);

/* The error on top of the stack, to be freed; NULL: it is no text. Never raises one. */
char *sandbox_error_text(lua_State *L);

/* Pushes the value as text: as luaL_tolstring, but without addresses. */
void sandbox_push_text(lua_State *L, int index);
