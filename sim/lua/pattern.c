/* Lua's patterns. See pattern.h. The depth of the recursion is bounded, the work
 * by the script's steps. */
#include "sim/lua/pattern.h"
#include "sim/lua/sandbox.h"
#include <ctype.h>
#include <lauxlib.h>
#include <string.h>

enum { DEPTH_MAX = 200, REPORT_STEPS = 100, ESCAPE = '%' };

void pattern_start(struct pattern_match *m, lua_State *L, const char *text, size_t size,
                   const char *pattern, size_t pattern_size)
{
    m->L = L;
    m->text = text;
    m->text_end = text + size;
    m->pattern_end = pattern + pattern_size;
    m->steps = 0;
}

static void count(struct pattern_match *m, long steps)
{
    m->steps += steps;
    if (m->steps >= REPORT_STEPS) {
        sandbox_count_steps(m->L, m->steps);
        m->steps = 0;
    }
}

static int is_zero(int c) /* %z of Lua 5.1; still there */
{
    return c == 0;
}

static bool in_letter_class(int c, int class)
{
    static int (*const is[])(
        int) = { ['a'] = isalpha, ['c'] = iscntrl,  ['d'] = isdigit, ['g'] = isgraph,
                 ['l'] = islower, ['p'] = ispunct,  ['s'] = isspace, ['u'] = isupper,
                 ['w'] = isalnum, ['x'] = isxdigit, ['z'] = is_zero };
    const int letter = tolower(class);

    if (letter >= (int)(sizeof is / sizeof *is) || !is[letter])
        return class == c;
    return (is[letter](c) != 0) != (isupper(class) != 0);
}

/* Behind the single item that begins at p. */
static const char *item_end(const struct pattern_match *m, const char *p)
{
    if (*p++ == ESCAPE) {
        if (p == m->pattern_end)
            luaL_error(m->L, "malformed pattern (ends with '%%')");
        return p + 1;
    }
    if (p[-1] != '[')
        return p;
    if (p < m->pattern_end && *p == '^')
        p++;
    do { /* a bracket that comes first is a member */
        if (p == m->pattern_end)
            luaL_error(m->L, "malformed pattern (missing ']')");
        if (*p++ == ESCAPE) {
            if (p == m->pattern_end)
                luaL_error(m->L, "malformed pattern (missing ']')");
            p++;
        }
    } while (p == m->pattern_end || *p != ']');
    return p + 1;
}

/* p at '[', last at its ']'. */
static bool in_set(int c, const char *p, const char *last)
{
    bool negated = p[1] == '^';

    for (p += 1 + negated; p < last; p++) {
        if (*p == ESCAPE) {
            if (in_letter_class(c, (unsigned char)*++p))
                return !negated;
        } else if (p[1] == '-' && p + 2 < last) {
            if ((unsigned char)*p <= c && c <= (unsigned char)p[2])
                return !negated;
            p += 2;
        } else if ((unsigned char)*p == c) {
            return !negated;
        }
    }
    return negated;
}

static bool matches_one(struct pattern_match *m, const char *s, const char *p,
                        const char *end)
{
    if (s >= m->text_end)
        return false;
    int c = (unsigned char)*s;
    count(m, *p == '[' ? end - p : 1);
    switch (*p) {
    case '.':
        return true;
    case ESCAPE:
        return in_letter_class(c, (unsigned char)p[1]);
    case '[':
        return in_set(c, p, end - 1);
    default:
        return (unsigned char)*p == c;
    }
}

/* %bxy, p behind the b. */
static const char *balanced(struct pattern_match *m, const char *s, const char *p)
{
    int open = 1;

    if (p >= m->pattern_end - 1)
        luaL_error(m->L, "malformed pattern (missing arguments to '%%b')");
    if (s >= m->text_end || *s != *p)
        return NULL;
    while (++s < m->text_end) {
        count(m, 1);
        if (*s == p[1]) {
            if (--open == 0)
                return s + 1;
        } else if (*s == *p) {
            open++;
        }
    }
    return NULL;
}

static const char *match(struct pattern_match *m, const char *s, const char *p);

static const char *longest(struct pattern_match *m, const char *s, const char *p,
                           const char *end)
{
    ptrdiff_t n = 0;

    while (matches_one(m, s + n, p, end))
        n++;
    for (; n >= 0; n--) {
        const char *found = match(m, s + n, end + 1);
        if (found)
            return found;
    }
    return NULL;
}

static const char *shortest(struct pattern_match *m, const char *s, const char *p,
                            const char *end)
{
    for (;;) {
        const char *found = match(m, s, end + 1);
        if (found)
            return found;
        if (!matches_one(m, s, p, end))
            return NULL;
        s++;
    }
}

static const char *open_capture(struct pattern_match *m, const char *s, const char *p,
                                ptrdiff_t kind)
{
    if (m->level >= PATTERN_CAPTURES)
        luaL_error(m->L, "too many captures");
    m->capture[m->level].at = s;
    m->capture[m->level++].size = kind;
    const char *found = match(m, s, p);
    if (!found)
        m->level--;
    return found;
}

static const char *close_capture(struct pattern_match *m, const char *s, const char *p)
{
    int k = m->level - 1;

    while (k >= 0 && m->capture[k].size != PATTERN_OPEN)
        k--;
    if (k < 0)
        luaL_error(m->L, "invalid pattern capture");
    m->capture[k].size = s - m->capture[k].at;
    const char *found = match(m, s, p);
    if (!found)
        m->capture[k].size = PATTERN_OPEN;
    return found;
}

/* %1 … %9: the same text again. */
static const char *again(struct pattern_match *m, const char *s, int digit)
{
    int k = digit - '1';

    if (k < 0 || k >= m->level || m->capture[k].size == PATTERN_OPEN)
        luaL_error(m->L, "invalid capture index %%%d", k + 1);
    size_t size = m->capture[k].size > 0 ? (size_t)m->capture[k].size : 0;
    count(m, (long)size);
    if ((size_t)(m->text_end - s) < size || memcmp(m->capture[k].at, s, size))
        return NULL;
    return s + size;
}

/* %f[set], p at the set. */
static bool at_frontier(struct pattern_match *m, const char *s, const char *p,
                        const char *end)
{
    int before = s == m->text ? 0 : (unsigned char)s[-1];
    int here = s < m->text_end ? (unsigned char)*s : 0;

    count(m, 2 * (end - p));
    return !in_set(before, p, end - 1) && in_set(here, p, end - 1);
}

/* %b, %f, %1: goes on behind them. False: p begins a single item. */
static bool is_special(const struct pattern_match *m, const char *p)
{
    return *p == ESCAPE && p + 1 < m->pattern_end &&
           (p[1] == 'b' || p[1] == 'f' || isdigit((unsigned char)p[1]));
}

static const char *match_special(struct pattern_match *m, const char *s, const char **p)
{
    const char *set = *p + 2, *end;

    switch ((*p)[1]) {
    case 'b':
        s = balanced(m, s, set);
        *p += 4;
        return s;
    case 'f':
        if (set == m->pattern_end || *set != '[')
            luaL_error(m->L, "missing '[' after '%%f' in pattern");
        end = item_end(m, set);
        *p = end;
        return at_frontier(m, s, set, end) ? s : NULL;
    default:
        s = again(m, s, (unsigned char)(*p)[1]);
        *p = set;
        return s;
    }
}

/* A single item and what says how often; ends the match, or steps over it (NULL and
 * *done false). */
static const char *match_item(struct pattern_match *m, const char **s, const char **p,
                              bool *done)
{
    const char *end = item_end(m, *p), *found;
    char often = end < m->pattern_end ? *end : '\0';

    count(m, (end - *p) / 4);
    *done = true;
    if (often == '*')
        return longest(m, *s, *p, end);
    if (often == '-')
        return shortest(m, *s, *p, end);
    bool one = matches_one(m, *s, *p, end);
    if (often == '+')
        return one ? longest(m, *s + 1, *p, end) : NULL;
    if (often == '?') {
        if (one && (found = match(m, *s + 1, end + 1)) != NULL)
            return found;
        one = true;
        --*s;
        end++;
    }
    if (!one)
        return NULL;
    ++*s;
    *p = end;
    *done = false;
    return NULL;
}

static const char *match_rest(struct pattern_match *m, const char *s, const char *p)
{
    while (p != m->pattern_end) {
        bool done;
        count(m, 1);
        if (*p == '(' && p + 1 < m->pattern_end && p[1] == ')')
            return open_capture(m, s, p + 2, PATTERN_POSITION);
        if (*p == '(')
            return open_capture(m, s, p + 1, PATTERN_OPEN);
        if (*p == ')')
            return close_capture(m, s, p + 1);
        if (*p == '$' && p + 1 == m->pattern_end)
            return s == m->text_end ? s : NULL;
        if (is_special(m, p)) {
            s = match_special(m, s, &p);
            if (!s)
                return NULL;
            continue;
        }
        const char *found = match_item(m, &s, &p, &done);
        if (done)
            return found;
    }
    return s;
}

static const char *match(struct pattern_match *m, const char *s, const char *p)
{
    if (m->depth-- == 0)
        luaL_error(m->L, "pattern too complex");
    const char *found = match_rest(m, s, p);
    m->depth++;
    return found;
}

const char *pattern_at(struct pattern_match *m, const char *at, const char *pattern)
{
    m->level = 0;
    m->depth = DEPTH_MAX;
    return match(m, at, pattern);
}

void pattern_push(struct pattern_match *m, int k, const char *from, const char *to)
{
    if (k >= m->level) {
        if (k > 0)
            luaL_error(m->L, "invalid capture index %%%d", k + 1);
        lua_pushlstring(m->L, from, (size_t)(to - from));
        return;
    }
    if (m->capture[k].size == PATTERN_OPEN)
        luaL_error(m->L, "unfinished capture");
    if (m->capture[k].size == PATTERN_POSITION)
        lua_pushinteger(m->L, m->capture[k].at - m->text + 1);
    else
        lua_pushlstring(m->L, m->capture[k].at, (size_t)m->capture[k].size);
}

int pattern_push_all(struct pattern_match *m, const char *from, const char *to,
                     int whole)
{
    int count = m->level == 0 && whole ? 1 : m->level;

    luaL_checkstack(m->L, count, "too many captures");
    for (int k = 0; k < count; k++)
        pattern_push(m, k, from, to);
    return count;
}
