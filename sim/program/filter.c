/* Words and ranges of registers. See filter.h. */
#include "sim/program/filter.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>

static char *fold(const char *text)
{
    return g_strdelimit(g_utf8_casefold(text, -1), "_", ' ');
}

/* "21" or "129-154"; 0: it is a word. */
static int parse_range(const char *text, int *first, int *last)
{
    char end;

    if (sscanf(text, "%5d-%5d%c", first, last, &end) == 2)
        return 1;
    *last = *first;
    if (sscanf(text, "%5d%c", first, &end) != 1)
        return 0;
    *last = *first;
    return 1;
}

bool filter_add(struct filter *f, const char *argument, bool numbers, GError **error)
{
    int first = 0, last = 0;

    if (f->words == FILTER_MAX || f->ranges == FILTER_MAX)
        return error_set(error, "at most %d words or ranges", FILTER_MAX);
    if (!numbers || !g_ascii_isdigit(*argument) ||
        !parse_range(argument, &first, &last)) {
        f->word[f->words++] = fold(argument);
        return true;
    }
    if (first < 1 || last < first || last > 65535)
        return error_set(error,
                         "registers are numbers of 1 to 65535, or ranges such as "
                         "129-154; not '%s'",
                         argument);
    f->range[f->ranges].first = first;
    f->range[f->ranges++].last = last;
    return true;
}

static bool begins_word(const char *text, const char *word)
{
    const char *at = text;

    while ((at = strstr(at, word)) != NULL) {
        if (at == text || !g_ascii_isalnum(at[-1]))
            return true;
        at++;
    }
    return false;
}

static bool has_word(const char *word, const char *const *texts)
{
    bool found = false;

    for (; *texts && !found; texts++) {
        g_autofree char *text = fold(*texts);
        found = begins_word(text, word);
    }
    return found;
}

bool filter_row(struct filter *f, int reg, int count, const char *const *texts)
{
    bool matches = f->ranges == 0;

    for (int k = 0; k < f->ranges; k++)
        matches |= reg <= f->range[k].last && reg + count > f->range[k].first;
    for (int k = 0; k < f->words && matches; k++)
        matches = has_word(f->word[k], texts);
    f->matches += matches;
    return matches;
}

bool filter_texts(struct filter *f, const char *const *texts)
{
    return filter_row(f, 0, 1, texts);
}

bool filter_end(struct filter *f, GError **error)
{
    const bool empty = f->matches == 0 && f->words + f->ranges > 0;
    const char *word = f->words ? f->word[0] : NULL;

    if (empty && word)
        error_set(error, "no row has '%s'%s; without words all are printed", word,
                  f->words + f->ranges > 1 ? " and the others" : "");
    else if (empty)
        error_set(error, "no row has this number; without numbers all are printed");
    for (int k = 0; k < f->words; k++)
        g_free(f->word[k]);
    return !empty;
}
