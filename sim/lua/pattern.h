/* Lua's patterns (reference manual, 6.4.1) with a count of steps, so that a pattern
 * that backtracks without end is stopped like any loop, with its line. Lua's own
 * matcher runs inside one call, where no step is counted. */
#pragma once

#include <lua.h>
#include <stddef.h>

enum { PATTERN_CAPTURES = 32 };

struct pattern_match {
    lua_State *L;
    const char *text, *text_end, *pattern_end;
    int depth, level; /* level: captures so far */
    long steps;       /* not yet reported */
    struct {
        const char *at;
        ptrdiff_t size; /* or one of the two below */
    } capture[PATTERN_CAPTURES];
};

enum { PATTERN_OPEN = -1, PATTERN_POSITION = -2 };

void pattern_start(struct pattern_match *m, lua_State *L, const char *text, size_t size,
                   const char *pattern, size_t pattern_size);

/* Where the match of the pattern (without its anchor) at `at` ends; NULL: none. */
const char *pattern_at(struct pattern_match *m, const char *at, const char *pattern);

/* Pushes capture k, or the whole match where there are none. */
void pattern_push(struct pattern_match *m, int k, const char *from, const char *to);

/* Pushes all of them (`whole`: the match where there are none); returns how many. */
int pattern_push_all(struct pattern_match *m, const char *from, const char *to,
                     int whole);
