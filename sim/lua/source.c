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
    g_strlcat(end, "]", sizeof end);
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

static bool is_one_of(const struct lexer *x, const char *const *names)
{
    bool is = false;

    for (; *names; names++)
        is |= is_name(x, *names);
    return is;
}

/* a.b.name, to be freed, and the token behind it; "" where no name stands. */
static char *parse_path(struct lexer *x)
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
    return g_string_free(path, FALSE);
}

/* --- variables --- */

/* A name of the script: how often it is given a value, as a local or a parameter, or by
 * an assignment, wherever; and the field that it is, if it is nothing else. */
struct variable {
    int bindings, fields; /* alike when it is this field each time */
    char *path;           /* "m.kw_b", or NULL */
};

static void free_variable(void *item)
{
    struct variable *v = item;

    g_free(v->path);
    g_free(v);
}

static struct variable *bind(GHashTable *variables, const struct lexer *x)
{
    char *name = g_strndup(x->start, (gsize)(x->at - x->start));
    struct variable *v = g_hash_table_lookup(variables, name);

    if (v) {
        g_free(name);
    } else {
        v = g_new0(struct variable, 1);
        g_hash_table_insert(variables, name, v);
    }
    v->bindings++;
    return v;
}

/* Names up to `end`: parameters, those of `for`. */
static void bind_up_to(GHashTable *variables, struct lexer *x, const char *const *end)
{
    for (; x->kind != TOKEN_END && !is_one_of(x, end) && !is_symbol(x, '=') &&
           !is_symbol(x, ')');
         next(x))
        if (x->kind == TOKEN_NAME)
            (void)bind(variables, x);
}

/* Behind "function": what it is called, and its parameters. */
static void bind_function(GHashTable *variables, struct lexer *x)
{
    static const char *const none[] = { NULL };

    for (; x->kind != TOKEN_END && !is_symbol(x, '('); next(x))
        if (x->kind == TOKEN_NAME)
            (void)bind(variables, x);
    bind_up_to(variables, x, none);
}

static void note_field(struct variable *v, const char *path)
{
    if (!v->path)
        v->path = g_strdup(path);
    v->fields += !strcmp(v->path, path);
}

/* Behind "local": names, of which a lone one may be nothing but a field. */
static void bind_local(GHashTable *variables, struct lexer *x)
{
    static const char *const operators[] = { "and", "or", NULL };
    struct variable *v = NULL;

    do {
        if (x->kind == TOKEN_SYMBOL)
            next(x);
        bool lone = v == NULL;
        v = bind(variables, x);
        next(x);
        if (!lone || !is_symbol(x, '='))
            continue;
        next(x);
        g_autofree char *path = parse_path(x);
        bool ends = x->kind == TOKEN_END || x->kind == TOKEN_NAME || is_symbol(x, ';');
        if (strchr(path, '.') && ends && !is_one_of(x, operators))
            note_field(v, path);
        return;
    } while (is_symbol(x, ','));
}

/* A name before "=", or before "," where a statement may begin, is assigned to. Keys
 * of tables are counted, too: what is in doubt has no unit. */
static void bind_assigned(GHashTable *variables, struct lexer *x, bool begins)
{
    struct lexer name = *x;

    next(x);
    if ((is_symbol(x, '=') && *x->at != '=') || (begins && is_symbol(x, ',')))
        (void)bind(variables, &name);
}

static void find_variables(GHashTable *variables, const char *text)
{
    static const char *const in[] = { "in", NULL }, *const open[] = {
        "return", "and", "or", "not", "if", "while", "in", "until", "elseif", NULL
    };
    struct lexer x = { .at = text, .line = 1 };
    bool part = false, begins = true;

    for (next(&x); x.kind != TOKEN_END;) {
        struct lexer before = x;
        bool local = is_name(&x, "local");
        if (local)
            next(&x);
        if (is_name(&x, "function")) {
            next(&x);
            bind_function(variables, &x);
        } else if (local) {
            bind_local(variables, &x);
        } else if (is_name(&x, "for")) {
            bind_up_to(variables, &x, in);
        } else if (x.kind == TOKEN_NAME && !part) {
            bind_assigned(variables, &x, begins);
        } else {
            next(&x);
        }
        part = is_symbol(&before, '.') || is_symbol(&before, ':');
        begins = before.kind == TOKEN_SYMBOL ? strchr(")]};", *before.start) != NULL
                                             : !is_one_of(&before, open);
    }
}

/* --- calls --- */

/* At the token behind "(": a.b.name, or a variable that is nothing else, and a comma. */
static void parse_field(struct lexer *x, GHashTable *variables, struct source_field *f)
{
    g_autofree char *path = parse_path(x);
    const struct variable *v = g_hash_table_lookup(variables, path);
    const char *whole = v && v->path && v->fields == v->bindings ? v->path : path;
    const char *dot = strrchr(whole, '.');

    if (dot && dot[1] && is_symbol(x, ',')) {
        f->object = g_strndup(whole, (gsize)(dot - whole));
        f->name = g_strdup(dot + 1);
    }
}

static void find_calls(struct source *s, const char *text, const char *function,
                       GHashTable *variables)
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
        parse_field(&x, variables, &f);
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
    GHashTable *variables =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_variable);
    find_variables(variables, text);
    find_calls(s, text, function, variables);
    g_hash_table_unref(variables);
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
    g_autoptr(GString) text = g_string_new("");
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
    return g_utf8_make_valid(text->str, -1);
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
