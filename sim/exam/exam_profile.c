/* Profiles of clients. See exam_profile.h. */
#include "sim/exam/exam_profile.h"
#include "sim/program/csv.h"
#include "sim/program/error.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define AGE_S 3.0

static void free_point(gpointer point)
{
    g_free(((struct exam_point *)point)->name);
}

/* The same reading as an integer and as a float, by their names. */
static int twin_of(const GArray *entries, int entry)
{
    const char *name = g_array_index(entries, struct register_entry, entry).name;
    g_autofree char *other = g_str_has_suffix(name, "_f")
                                 ? g_strndup(name, strlen(name) - 2)
                                 : g_strconcat(name, "_f", NULL);

    return exam_entry_of_name(entries, other);
}

static void add_defaults(struct exam_profile *p)
{
    for (guint k = 0; k < p->entries->len; k++) {
        const struct register_entry *e =
            &g_array_index(p->entries, struct register_entry, k);
        const bool is_float = g_str_has_suffix(e->name, "_f");
        const struct exam_point point = {
            .name = g_strdup(e->name),
            .entry = { (int)k, is_float ? -1 : twin_of(p->entries, (int)k) },
            .scale = 1,
            .age_s = AGE_S
        };
        g_array_append_val(p->points, point);
    }
}

/* An empty cell, or a column that is not there, is the usual value. */
static bool number(const struct csv *c, int row, const char *column, double usual,
                   double *to, GError **error)
{
    const struct csv_cell cell = csv_cell(c, row, csv_column(c, column));
    char *end;

    *to = usual;
    if (!*cell.text)
        return true;
    *to = g_ascii_strtod(cell.text, &end);
    if (end != cell.text && !*end && isfinite(*to))
        return true;
    csv_complain(c, cell, error, "'%s' is no number", cell.text);
    return false;
}

static int entry_of(const GArray *entries, const char *text)
{
    char *end;
    const long reg = strtol(text, &end, 10);

    return end != text && !*end ? exam_entry_of_register(entries, (int)reg)
                                : exam_entry_of_name(entries, text);
}

static bool add_row(struct exam_profile *p, const struct csv *c, int row,
                    GError **error)
{
    const struct csv_cell name = csv_cell(c, row, csv_column(c, "name"));
    const struct csv_cell reg = csv_cell(c, row, csv_column(c, "register"));
    struct exam_point point = { .entry = { entry_of(p->entries, reg.text), -1 } };
    double unit;

    if (point.entry[0] < 0) {
        csv_complain(c, reg, error, "'%s' is no reading; see metersim registers s4100",
                     reg.text);
        return false;
    }
    if (!number(c, row, "unit", 0, &unit, error) ||
        !number(c, row, "scale", 1, &point.scale, error) ||
        !number(c, row, "tolerance", 0, &point.tolerance, error) ||
        !number(c, row, "age_s", AGE_S, &point.age_s, error))
        return false;
    if (point.scale == 0 || unit < 0 || unit > EXAM_UNITS) {
        csv_complain(c, name, error, "scale must not be 0, unit is 1 or 2 or empty");
        return false;
    }
    point.unit = (int)unit;
    point.name = g_strdup(name.text);
    g_array_append_val(p->points, point);
    return true;
}

static bool add_file(struct exam_profile *p, const char *path, GError **error)
{
    struct csv *c = csv_read(path, error);
    bool good = c != NULL;

    if (c && (csv_column(c, "name") < 0 || csv_column(c, "register") < 0))
        good = error_set(error, "%s: needs the columns name and register", path);
    for (int row = 0; good && row < c->rows; row++)
        good = add_row(p, c, row, error);
    csv_free(c);
    return good;
}

struct exam_profile *exam_profile_new(const char *path, const GArray *entries,
                                      GError **error)
{
    struct exam_profile *p = g_new0(struct exam_profile, 1);

    p->entries = entries;
    p->points = g_array_new(FALSE, FALSE, sizeof(struct exam_point));
    g_array_set_clear_func(p->points, free_point);
    if (!path)
        add_defaults(p);
    else if (!add_file(p, path, error))
        g_clear_pointer(&p, exam_profile_free);
    return p;
}

void exam_profile_free(struct exam_profile *p)
{
    if (!p)
        return;
    g_array_unref(p->points);
    g_free(p);
}

const struct exam_point *exam_profile_point(const struct exam_profile *p, int index)
{
    return &g_array_index(p->points, struct exam_point, index);
}

const struct register_entry *exam_profile_entry(const struct exam_profile *p, int index)
{
    return &g_array_index(p->entries, struct register_entry,
                          exam_profile_point(p, index)->entry[0]);
}

int exam_profile_find(const struct exam_profile *p, const char *name, int unit)
{
    char *end;
    const long reg = strtol(name, &end, 10);
    const bool by_number = end != name && !*end;

    for (int k = 0; k < (int)p->points->len; k++) {
        const struct exam_point *point = exam_profile_point(p, k);
        const bool named = !strcmp(point->name, name) ||
                           (by_number && exam_profile_entry(p, k)->reg == reg);
        if (named && (!point->unit || point->unit == unit))
            return k;
    }
    return -1;
}
