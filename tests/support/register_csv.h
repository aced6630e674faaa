/* The register lists of tests/data/registers: the second statement of what the tables
 * in core say. Only the columns before the (quoted) description are read. */
#pragma once

#include "tests/support/check.h"

struct csv_register {
    int reg, words;
    char name[40], access[4], format[8], scale[12], min[16], max[16];
};

struct csv_registers {
    int count;
    struct csv_register row[400];
};

/* The next field of a line, up to its comma; moves *line behind it. */
static inline void csv_field(char **line, char *text, size_t size)
{
    size_t length = strcspn(*line, ",\r\n");

    assert_true(length < size);
    memcpy(text, *line, length);
    text[length] = 0;
    *line += length + ((*line)[length] == ',');
}

static inline void csv_parse(char *line, struct csv_register *r)
{
    char number[16], unused[16];

    csv_field(&line, number, sizeof number);
    r->reg = atoi(number);
    csv_field(&line, number, sizeof number);
    r->words = atoi(number);
    csv_field(&line, r->name, sizeof r->name);
    csv_field(&line, r->access, sizeof r->access);
    csv_field(&line, unused, sizeof unused);
    csv_field(&line, r->format, sizeof r->format);
    csv_field(&line, unused, sizeof unused);
    csv_field(&line, r->scale, sizeof r->scale);
    csv_field(&line, r->min, sizeof r->min);
    csv_field(&line, r->max, sizeof r->max);
}

static inline void csv_load(struct csv_registers *list, const char *name)
{
    char path[512], line[512];
    FILE *file;

    snprintf(path, sizeof path, "%s/data/registers/%s", TESTS_DIR, name);
    file = fopen(path, "r");
    if (!file)
        fail_msg("cannot open %s", path);
    list->count = 0;
    assert_non_null(fgets(line, sizeof line, file)); /* the header */
    while (fgets(line, sizeof line, file)) {
        assert_true(list->count < (int)COUNT_OF(list->row));
        csv_parse(line, &list->row[list->count++]);
    }
    fclose(file);
    assert_true(list->count > 20);
}

/* The row that covers a register, or NULL. */
static inline const struct csv_register *csv_find(const struct csv_registers *list,
                                                  int reg)
{
    for (int k = 0; k < list->count; k++)
        if (reg >= list->row[k].reg && reg < list->row[k].reg + list->row[k].words)
            return &list->row[k];
    return NULL;
}
