/* Comma-separated tables (RFC 4180), whole in memory, with the place of every cell for
 * messages; and tables that other programs export. */
#pragma once

#include <glib.h>

struct csv_cell {
    const char *text;
    int line, column; /* where it begins, base 1; columns in bytes */
};

struct csv {
    char *name;
    char *text;        /* what the cells point into */
    int columns, rows; /* rows without the header */
    char separator;
    struct csv_cell *cell; /* header first: [(row + 1) * columns + column] */
};

/* NULL with *error set ("cases.csv:12:7: expected …"). The first line is the header. */
struct csv *csv_read(const char *path, GError **error);
struct csv *csv_parse(const char *name, const char *text, GError **error);

/* The same of exports: the separator is a comma, semicolon, tab or bar, whichever the
 * first line has most of; blank lines are skipped; UTF-16 and Windows-1252 are read. */
struct csv *csv_parse_export(const char *name, const char *bytes, gsize size,
                             GError **error);
void csv_free(struct csv *c);

/* Column of a header, or -1. */
int csv_column(const struct csv *c, const char *header);

/* Cell of a row (base 0); column -1 gives an empty one. */
struct csv_cell csv_cell(const struct csv *c, int row, int column);

/* Writes one cell, quoted where needed, to a string. */
void csv_append(GString *to, const char *text);

/* "name:line:column: " and the message, as a GError. */
void csv_complain(const struct csv *c, struct csv_cell cell, GError **error,
                  const char *format, ...) G_GNUC_PRINTF(4, 5);
