/* The rows of tests/data/modbus/cases.csv: reading, playing a request, judging what
 * came back. Request: hex bytes, "/" a new segment, "~N" a pause of N ms, "EOF" an end
 * of sending. Expectation: "RESP hex [THEN CLOSE]", "SILENT ms", "CLOSE"; "||" between
 * choices. */
#pragma once

#include "tests/support/check.h"

enum { BYTES = 8192 };

/* What came back. */
struct outcome {
    uint8_t byte[BYTES];
    int count;
    bool closed;
};

/* How one kind of line carries out a request. */
struct case_way {
    void (*send)(void *user, const uint8_t *bytes, int count);
    void (*pause)(void *user, int ms);
    void (*end)(void *user); /* of sending */
    void *user;
};

static inline int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Bytes up to something that is none; moves *text there. */
static inline int take_bytes(const char **text, uint8_t *bytes)
{
    int count = 0;

    for (;; *text += 2) {
        *text += strspn(*text, " ");
        if (hex_digit((*text)[0]) < 0 || hex_digit((*text)[1]) < 0)
            return count;
        assert_true(count < BYTES);
        bytes[count++] = (uint8_t)(hex_digit((*text)[0]) << 4 | hex_digit((*text)[1]));
    }
}

static inline void play(const char *text, const struct case_way *way)
{
    uint8_t bytes[BYTES];

    for (;;) {
        int count = take_bytes(&text, bytes);
        if (count)
            way->send(way->user, bytes, count);
        if (*text == '~')
            way->pause(way->user, (int)strtol(text + 1, (char **)&text, 10));
        else if (*text == '/')
            text++;
        else if (!strncmp(text, "EOF", 3)) {
            way->end(way->user);
            text += 3;
        } else
            break;
    }
    assert_int_equal(*text, 0);
}

/* One choice of an expectation. */
struct choice {
    uint8_t byte[BYTES];
    int count;
    bool closes;
};

static inline void parse_choice(const char *text, struct choice *c)
{
    text += strspn(text, " ");
    c->count = 0;
    c->closes = strstr(text, "CLOSE") != NULL;
    if (!strncmp(text, "RESP ", 5)) {
        text += 5;
        c->count = take_bytes(&text, c->byte);
        assert_true(c->count > 0 && (!*text || !strcmp(text, "THEN CLOSE")));
    } else {
        assert_true(!strncmp(text, "SILENT ", 7) || !strcmp(text, "CLOSE"));
    }
}

enum { CHOICES = 3 };

struct expectation {
    struct choice choice[CHOICES];
    int choices, longest;
    bool silent; /* one choice is that nothing happens */
};

static inline void parse_expectation(char *text, struct expectation *e)
{
    e->choices = e->longest = 0;
    e->silent = false;
    while (text) {
        char *next = strstr(text, " || ");
        assert_true(e->choices < CHOICES);
        struct choice *c = &e->choice[e->choices++];
        if (next) {
            *next = 0;
            next += 4;
        }
        parse_choice(text, c);
        e->longest = c->count > e->longest ? c->count : e->longest;
        e->silent |= c->count == 0 && !c->closes;
        text = next;
    }
}

static inline bool fits(const struct outcome *o, const struct expectation *e)
{
    for (int k = 0; k < e->choices; k++) {
        const struct choice *c = &e->choice[k];
        if (o->count == c->count && o->closed == c->closes &&
            !memcmp(o->byte, c->byte, (size_t)c->count))
            return true;
    }
    return false;
}

/* Carries out one row; false: this row is not for it. `request` may be changed. */
typedef bool (*case_runner)(void *user, char *request, struct expectation *e,
                            struct outcome *o);

static inline int case_row(char *line, const char *transport, case_runner run,
                           void *user)
{
    static struct expectation e;
    static struct outcome o;
    char *id = strtok(line, ","), *kind = strtok(NULL, ",");
    char *request = strtok(NULL, ","), *expected = strtok(NULL, ",");

    assert_non_null(expected);
    if (strcmp(kind, transport))
        return 0;
    char *shown = strdup(expected);
    parse_expectation(expected, &e);
    o.count = 0;
    o.closed = false;
    bool took = run(user, request, &e, &o);
    if (took && !fits(&o, &e)) {
        print_error("%s: expected %.80s; got %d bytes, %s:", id, shown, o.count,
                    o.closed ? "closed" : "open");
        for (int k = 0; k < o.count && k < 40; k++)
            print_error(" %02x", o.byte[k]);
        print_error("\n");
        fail();
    }
    free(shown);
    return took;
}

/* The number of rows that were run. */
static inline int case_file(const char *transport, case_runner run, void *user)
{
    FILE *file = fopen(TESTS_DIR "/data/modbus/cases.csv", "r");
    char *line = NULL;
    size_t size = 0;
    int rows = 0;

    assert_non_null(file);
    assert_true(getline(&line, &size, file) > 0); /* the header */
    while (getline(&line, &size, file) > 0)
        rows += case_row(line, transport, run, user);
    free(line);
    fclose(file);
    print_message("%d rows of %s\n", rows, transport);
    return rows;
}
