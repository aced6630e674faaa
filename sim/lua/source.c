/* Lines and calls of a script's text. See source.h. The text is one that Lua has
 * compiled, so brackets and quotes close. */
#include "sim/lua/source.h"
#include <stdbool.h>
#include <string.h>

enum { CALL_LINES = 6, CALL_MAX = 240 };

struct source {
    GPtrArray *lines;
    GArray *fields; /* ascending by line */
};

/* --- tokens --- */

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_STRING, TOKEN_SYMBOL };

struct lexer {
    const char *at;
    int line;
    /* The present token. */
    enum token_kind kind;
    const char *start;
    int token_line;
};

static void step(struct lexer *x)
{
    x->line += *x->at == '\n';
    x->at++;
}

/* "[[", "[==[": its level; -1: none begins here. */
static int long_bracket(const char *at)
{
    int level = (int)strspn(at + 1, "=");

    return *at == '[' && at[1 + level] == '[' ? level : -1;
}

static void skip_long(struct lexer *x, int level)
{
    char end[64] = "]";

    memset(end + 1, '=', (size_t)MIN(level, 60));
    strcat(end, "]");
    const char *close = strstr(x->at, end);
    const char *stop = close ? close + strlen(end) : x->at + strlen(x->at);
    while (x->at < stop)
        step(x);
}

static void skip_comment(struct lexer *x)
{
    int level = long_bracket(x->at + 2);

    x->at += 2;
    if (level >= 0)
        skip_long(x, level);
    else
        x->at += strcspn(x->at, "\n");
}

static void skip_blank(struct lexer *x)
{
    for (;;) {
        if (*x->at && strchr(" \t\r\n\v\f", *x->at))
            step(x);
        else if (x->at[0] == '-' && x->at[1] == '-')
            skip_comment(x);
        else
            return;
    }
}

static void skip_quoted(struct lexer *x)
{
    char quote = *x->at;

    step(x);
    while (*x->at && *x->at != quote) {
        if (*x->at == '\\' && x->at[1])
            step(x);
        step(x);
    }
    if (*x->at)
        step(x);
}

static bool in_name(char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

static void next(struct lexer *x)
{
    skip_blank(x);
    x->start = x->at;
    x->token_line = x->line;
    if (!*x->at) {
        x->kind = TOKEN_END;
    } else if (in_name(*x->at)) {
        x->kind = g_ascii_isdigit(*x->at) ? TOKEN_NUMBER : TOKEN_NAME;
        while (in_name(*x->at) || (x->kind == TOKEN_NUMBER && *x->at == '.'))
            x->at++;
    } else if (*x->at == '"' || *x->at == '\'') {
        x->kind = TOKEN_STRING;
        skip_quoted(x);
    } else if (long_bracket(x->at) >= 0) {
        x->kind = TOKEN_STRING;
        skip_long(x, long_bracket(x->at));
    } else {
        x->kind = TOKEN_SYMBOL;
        x->at++;
    }
}

static bool is_symbol(const struct lexer *x, char c)
{
    return x->kind == TOKEN_SYMBOL && *x->start == c;
}

static bool is_name(const struct lexer *x, const char *name)
{
    size_t size = strlen(name);

    return x->kind == TOKEN_NAME && (size_t)(x->at - x->start) == size &&
           !strncmp(x->start, name, size);
}

/* --- calls --- */

/* At the token behind "(": a.b.name and a comma. */
static void parse_field(struct lexer *x, struct source_field *f)
{
    GString *path = g_string_new("");

    while (x->kind == TOKEN_NAME) {
        g_string_append_len(path, x->start, x->at - x->start);
        next(x);
        if (!is_symbol(x, '.'))
            break;
        g_string_append_c(path, '.');
        next(x);
    }
    const char *dot = strrchr(path->str, '.');
    if (dot && dot[1] && is_symbol(x, ',')) {
        f->object = g_strndup(path->str, (gsize)(dot - path->str));
        f->name = g_strdup(dot + 1);
    }
    g_string_free(path, TRUE);
}

static void find_calls(struct source *s, const char *text, const char *function)
{
    struct lexer x = { .at = text, .line = 1 };
    bool part = false; /* of a longer name: a.expect, a:expect */

    for (next(&x); x.kind != TOKEN_END;) {
        bool named = !part && is_name(&x, function);
        struct source_field f = { x.token_line, NULL, NULL };
        part = is_symbol(&x, '.') || is_symbol(&x, ':');
        next(&x);
        if (!named || !is_symbol(&x, '('))
            continue;
        next(&x);
        parse_field(&x, &f);
        g_array_append_val(s->fields, f);
    }
}

static void free_field(void *item)
{
    struct source_field *f = item;

    g_free(f->object);
    g_free(f->name);
}

struct source *source_new(const char *text, const char *function)
{
    struct source *s = g_new0(struct source, 1);
    char **lines = g_strsplit(text, "\n", -1);

    s->lines = g_ptr_array_new_with_free_func(g_free);
    for (char **line = lines; *line; line++)
        g_ptr_array_add(s->lines, g_strstrip(*line));
    g_free(lines);
    s->fields = g_array_new(FALSE, FALSE, sizeof(struct source_field));
    g_array_set_clear_func(s->fields, free_field);
    find_calls(s, text, function);
    return s;
}

void source_free(struct source *s)
{
    if (!s)
        return;
    g_ptr_array_unref(s->lines);
    g_array_unref(s->fields);
    g_free(s);
}

const char *source_line(const struct source *s, int line)
{
    return s && line >= 1 && line <= (int)s->lines->len
               ? g_ptr_array_index(s->lines, (guint)line - 1)
               : NULL;
}

/* Brackets that are open; those in texts and comments count too, which only makes an
 * excerpt shorter or longer. */
static int open_brackets(const char *text)
{
    int open = 0;

    for (; *text; text++) {
        open += *text == '(' || *text == '{';
        open -= *text == ')' || *text == '}';
    }
    return open;
}

char *source_call(const struct source *s, int line)
{
    GString *text = g_string_new("");
    const char *part;
    int open = 0;

    for (int k = 0; k < CALL_LINES && (part = source_line(s, line + k)); k++) {
        g_string_append_printf(text, "%s%s", k ? " " : "", part);
        open += open_brackets(part);
        if (open <= 0)
            break;
    }
    if (text->len > CALL_MAX) {
        g_string_truncate(text, CALL_MAX);
        g_string_append(text, " …");
    }
    char *valid = g_utf8_make_valid(text->str, -1);
    g_string_free(text, TRUE);
    return valid;
}

/* The first call of the line; binary search. */
static guint first_at(const GArray *fields, int line)
{
    guint from = 0, to = fields->len;

    while (from < to) {
        guint middle = (from + to) / 2;
        if (g_array_index(fields, struct source_field, middle).line < line)
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

const struct source_field *source_field(const struct source *s, int line)
{
    if (!s)
        return NULL;
    guint k = first_at(s->fields, line);
    const struct source_field *found = NULL;

    for (; k < s->fields->len; k++) {
        const struct source_field *f =
            &g_array_index(s->fields, struct source_field, k);
        if (f->line != line)
            break;
        if (!f->name || (found && (strcmp(found->name, f->name) ||
                                   strcmp(found->object, f->object))))
            return NULL;
        found = f;
    }
    return found;
}
