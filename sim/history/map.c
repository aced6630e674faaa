/* Maps of columns. See map.h. */
#include "sim/history/map.h"
#include "sim/program/error.h"
#include <stdio.h>
#include <string.h>

struct line {
    char *heading;
    struct heading is;
    int number;
    bool found;
};

struct map {
    char *name;
    GArray *lines;
};

static void clear_line(gpointer line)
{
    g_free(((struct line *)line)->heading);
}

static bool complain(const struct map *map, int line, size_t column, GError **error,
                     const char *what)
{
    return error_set(error, "%s:%d:%zu: %s", map->name, line, column + 1, what);
}

static bool parse_line(struct map *map, char *text, int number, GError **error)
{
    char *mark = strrchr(text, '=');
    char name[64] = "", unit[16] = "", more;
    struct line line = { .number = number };

    if (!*g_strchug(text) || *text == '#')
        return true;
    if (!mark)
        return complain(map, number, 0, error, "expected HEADING = reading [unit]");
    int count = sscanf(mark + 1, " %63s %15s %c", name, unit, &more);
    if (count < 1 || count > 2 || !heading_set(&line.is, name, unit))
        return complain(
            map, number, (size_t)(mark - text) + 1, error,
            "expected a reading of metersim registers, kvarh_import, "
            "kvarh_export, time, date, alerts or unused, and its unit where "
            "it is another one");
    *mark = '\0';
    line.heading = g_strdup(g_strchomp(text));
    g_array_append_val(map->lines, line);
    return true;
}

struct map *map_parse(const char *name, const char *text, GError **error)
{
    struct map *map = g_new0(struct map, 1);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool good = true;

    map->name = g_strdup(name);
    map->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
    g_array_set_clear_func(map->lines, clear_line);
    for (int k = 0; good && lines[k]; k++)
        good = parse_line(map, lines[k], k + 1, error);
    if (good)
        return map;
    map_free(map);
    return NULL;
}

void map_free(struct map *map)
{
    if (!map)
        return;
    g_array_free(map->lines, TRUE);
    g_free(map->name);
    g_free(map);
}

bool map_find(struct map *map, const char *heading, struct heading *to)
{
    for (guint k = 0; k < map->lines->len; k++) {
        struct line *line = &g_array_index(map->lines, struct line, k);
        if (strcmp(line->heading, heading) != 0)
            continue;
        line->found = true;
        *to = line->is;
        return true;
    }
    return false;
}

bool map_all_found(const struct map *map, GError **error)
{
    for (guint k = 0; k < map->lines->len; k++) {
        const struct line *line = &g_array_index(map->lines, struct line, k);
        if (!line->found)
            return error_set(error, "%s:%d:1: the log has no column '%s'", map->name,
                             line->number, line->heading);
    }
    return true;
}
