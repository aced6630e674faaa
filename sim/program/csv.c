/* Comma-separated tables. See csv.h. Cells are cut out of the text in place. */
#include "sim/program/csv.h"
#include "sim/program/error.h"
#include <stdbool.h>
#include <string.h>

struct cursor {
    struct csv *csv;
    char *at;
    int line;
    const char *line_start;
    GArray *cells;
    const char *ends; /* of a cell: the separator and those of lines */
    bool exported;
};

static void complain_at(const struct csv *c, int line, int column, GError **error,
                        const char *format, va_list args)
{
    g_autofree char *message = g_strdup_vprintf(format, args);

    error_set(error, "%s:%d:%d: %s", c->name, line, column, message);
}

void csv_complain(const struct csv *c, struct csv_cell cell, GError **error,
                  const char *format, ...)
{
    va_list args;

    va_start(args, format);
    complain_at(c, cell.line, cell.column, error, format, args);
    va_end(args);
}

/* A quoted cell, its quotes taken off in place; FALSE when it never ends. */
static gboolean parse_quoted(struct cursor *k, struct csv_cell *cell, GError **error)
{
    char *from = ++k->at, *to = from;

    cell->text = from;
    while (*from && !(from[0] == '"' && from[1] != '"')) {
        if (*from == '"')
            from++;
        if (*from == '\n') {
            k->line++;
            k->line_start = from + 1;
        }
        *to++ = *from++;
    }
    if (!*from) {
        csv_complain(k->csv, *cell, error, "expected a closing quote before the end");
        return FALSE;
    }
    *to = '\0';
    k->at = from + 1;
    return TRUE;
}

static gboolean parse_cell(struct cursor *k, char *end_char, GError **error)
{
    struct csv_cell cell = { k->at, k->line, (int)(k->at - k->line_start) + 1 };

    if (*k->at == '"') {
        if (!parse_quoted(k, &cell, error))
            return FALSE;
    } else {
        k->at += strcspn(k->at, k->ends);
    }
    *end_char = *k->at;
    if (*end_char && !strchr(k->ends, *end_char)) {
        csv_complain(k->csv, cell, error, "expected a %s or a line's end after \"",
                     *k->ends == ',' ? "comma" : "separator");
        return FALSE;
    }
    if (*end_char == '\r' && k->at[1] == '\n')
        *k->at++ = '\0';
    if (*end_char)
        *k->at++ = '\0';
    g_array_append_val(k->cells, cell);
    return TRUE;
}

static gboolean parse_line(struct cursor *k, GError **error)
{
    char end = *k->ends;
    int count = 0;
    struct csv_cell first = { "", k->line, 1 };

    while (end == *k->ends) {
        if (!parse_cell(k, &end, error))
            return FALSE;
        count++;
    }
    k->line++;
    k->line_start = k->at;
    if (k->csv->columns == 0)
        k->csv->columns = count;
    if (count != k->csv->columns) {
        csv_complain(k->csv, first, error,
                     "expected %d columns as in the header, found %d", k->csv->columns,
                     count);
        return FALSE;
    }
    return TRUE;
}

/* Of an export: a line without a cell that holds anything but blanks. */
static bool skip_blank_line(struct cursor *k)
{
    size_t blanks = k->exported ? strspn(k->at, " ") : 0;
    const char *end = k->at + blanks;

    if (!k->exported || (*end && *end != '\r' && *end != '\n'))
        return false;
    k->at += blanks;
    if (k->at[0] == '\r' && k->at[1] == '\n')
        k->at++;
    if (*k->at)
        k->at++;
    k->line++;
    k->line_start = k->at;
    return true;
}

static const char *const separators[] = { ",\r\n", ";\r\n", "\t\r\n", "|\r\n" };

/* What the first line that is not blank has most of, outside of quotes. */
static const char *detect_separator(const char *text)
{
    int count[G_N_ELEMENTS(separators)] = { 0 };
    bool quoted = false;
    size_t best = 0;

    text += strspn(text, " \r\n");
    for (; *text && (quoted || (*text != '\r' && *text != '\n')); text++) {
        quoted ^= *text == '"';
        for (size_t k = 0; k < G_N_ELEMENTS(separators) && !quoted; k++)
            count[k] += *text == *separators[k];
    }
    for (size_t k = 1; k < G_N_ELEMENTS(separators); k++)
        if (count[k] > count[best])
            best = k;
    return separators[best];
}

static struct csv *parse(const char *name, const char *text, bool exported,
                         GError **error)
{
    struct csv *c = g_new0(struct csv, 1);

    c->name = g_strdup(name);
    c->text = g_strdup(text);
    char *start = c->text + (g_str_has_prefix(c->text, "\xEF\xBB\xBF") ? 3 : 0);
    struct cursor k = { .csv = c,
                        .at = start,
                        .line = 1,
                        .line_start = start,
                        .cells = g_array_new(FALSE, FALSE, sizeof(struct csv_cell)),
                        .ends = exported ? detect_separator(start) : separators[0],
                        .exported = exported };
    gboolean good = TRUE;
    c->separator = *k.ends;
    while (good && *k.at)
        good = skip_blank_line(&k) || parse_line(&k, error);
    if (good && k.cells->len == 0) {
        csv_complain(c, (struct csv_cell){ "", 1, 1 }, error, "expected a header line");
        good = FALSE;
    }
    c->rows = c->columns ? (int)k.cells->len / c->columns - 1 : 0;
    c->cell = (struct csv_cell *)(void *)g_array_free(k.cells, FALSE);
    if (good)
        return c;
    csv_free(c);
    return NULL;
}

struct csv *csv_parse(const char *name, const char *text, GError **error)
{
    return parse(name, text, false, error);
}

static bool is_utf16(const char *bytes, gsize size)
{
    return size >= 2 &&
           (!memcmp(bytes, "\xFF\xFE", 2) || !memcmp(bytes, "\xFE\xFF", 2));
}

/* UTF-8 (g_free), or NULL. */
static char *to_utf8(const char *bytes, gsize size, GError **error)
{
    if (is_utf16(bytes, size))
        return g_convert(bytes + 2, (gssize)size - 2, "UTF-8",
                         memcmp(bytes, "\xFE\xFF", 2) ? "UTF-16LE" : "UTF-16BE", NULL,
                         NULL, error);
    if (g_utf8_validate_len(bytes, size, NULL))
        return g_strndup(bytes, size);
    return g_convert(bytes, (gssize)size, "UTF-8", "WINDOWS-1252", NULL, NULL, error);
}

struct csv *csv_parse_export(const char *name, const char *bytes, gsize size,
                             GError **error)
{
    GError *wrong = NULL;
    g_autofree char *text = NULL;

    if (memchr(bytes, '\0', size) && !is_utf16(bytes, size))
        error_set(error, "%s: expected text, found a zero byte", name);
    else
        text = to_utf8(bytes, size, &wrong);
    if (wrong) {
        error_set(error, "%s: %s", name, wrong->message);
        g_error_free(wrong);
    }
    return text ? parse(name, text, true, error) : NULL;
}

struct csv *csv_read(const char *path, GError **error)
{
    g_autofree char *text = NULL;
    gsize size;

    if (!g_file_get_contents(path, &text, &size, error))
        return NULL;
    struct csv *c = NULL;
    if (strlen(text) != size)
        error_set(error, "%s: expected text, found a zero byte at %zu", path,
                  strlen(text));
    else
        c = csv_parse(path, text, error);
    return c;
}

void csv_free(struct csv *c)
{
    if (!c)
        return;
    g_free(c->name);
    g_free(c->text);
    g_free(c->cell);
    g_free(c);
}

int csv_column(const struct csv *c, const char *header)
{
    for (int k = 0; k < c->columns; k++)
        if (!strcmp(c->cell[k].text, header))
            return k;
    return -1;
}

struct csv_cell csv_cell(const struct csv *c, int row, int column)
{
    if (column < 0)
        return (struct csv_cell){ "", c->cell[(row + 1) * c->columns].line, 1 };
    return c->cell[(row + 1) * c->columns + column];
}

void csv_append(GString *to, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        g_string_append(to, text);
        return;
    }
    g_string_append_c(to, '"');
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(to, '"');
        g_string_append_c(to, *text);
    }
    g_string_append_c(to, '"');
}
