/* libFuzzer target of the reader of CSV tables: whatever the text, it answers with a
 * table or with an error; a table that is written and read again is the same. */
#include "sim/program/csv.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void require(bool kept)
{
    if (!kept)
        abort();
}

static void write_cell(GString *to, const char *text, bool first)
{
    if (!first)
        g_string_append_c(to, ',');
    csv_append(to, text);
}

/* With a byte order mark, which is not a part of the first cell, as that may begin with
 * another. */
static char *written(const struct csv *c)
{
    GString *text = g_string_new("\xEF\xBB\xBF");

    for (int row = -1; row < c->rows; row++) {
        for (int k = 0; k < c->columns; k++)
            write_cell(text, csv_cell(c, row, k).text, k == 0);
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static void check_places(const struct csv *c)
{
    int line = 1;

    for (int n = 0; n < (c->rows + 1) * c->columns; n++) {
        require(c->cell[n].line >= line && c->cell[n].column >= 1);
        line = c->cell[n].line;
    }
}

static void check_again(const struct csv *c)
{
    char *text = written(c);
    struct csv *again = csv_parse("again", text, NULL);

    require(again && again->rows == c->rows && again->columns == c->columns);
    for (int n = 0; n < (c->rows + 1) * c->columns; n++)
        require(!strcmp(c->cell[n].text, again->cell[n].text));
    csv_free(again);
    g_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = g_strndup((const char *)bytes, size);
    GError *error = NULL;
    struct csv *c = csv_parse("fuzz.csv", text, &error);

    require((c == NULL) == (error != NULL));
    if (c) {
        require(c->columns >= 1 && c->rows >= 0);
        check_places(c);
        check_again(c);
    }
    csv_free(c);
    g_clear_error(&error);
    g_free(text);
    return 0;
}
