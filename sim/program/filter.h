/* What of a table a user asks for: words, and register numbers or ranges of them. */
#pragma once

#include <glib.h>
#include <stdbool.h>

enum { FILTER_MAX = 16 };

struct filter {
    char *word[FILTER_MAX]; /* folded */
    struct {
        int first, last;
    } range[FILTER_MAX];
    int words, ranges;
    int matches; /* rows that filter_texts or filter_row has let through */
};

/* "phase loss" is a word. With `numbers`, "21" and "129-154" are ranges. False: too many,
 * or a range that is none. */
bool filter_add(struct filter *f, const char *argument, bool numbers, GError **error);

/* Each word begins a word of one of the texts (which end with NULL), in capitals or
 * not; '_' and a space are the same. */
bool filter_texts(struct filter *f, const char *const *texts);

/* The same, and where there are ranges one of them holds one of `count` registers from
 * `reg` on. */
bool filter_row(struct filter *f, int reg, int count, const char *const *texts);

/* Frees the words. False: there were words or ranges, and no row. */
bool filter_end(struct filter *f, GError **error);
