/* Points of exported maps. See register_export_point.h. */
#include "sim/field/register_export_point.h"
#include <string.h>

void export_map_start(struct export_map *map, const struct model *model)
{
    map->model = model->name;
    map->energy = model->unidirectional ? "kwh" : "kwh_import";
    map->points = g_array_new(FALSE, FALSE, sizeof(struct export_point));
}

/* As the world writes the units that the manual has in capitals; numbers have none. */
static const char *plain_units(const char *units)
{
    static const struct {
        const char *manual, *plain;
    } rows[] = { { "kVAR", "kvar" },
                 { "kVARh", "kvarh" },
                 { "ratio", "" },
                 { "pulses", "" },
                 { "bitmap", "" } };

    for (size_t k = 0; k < G_N_ELEMENTS(rows); k++)
        if (!strcmp(rows[k].manual, units))
            return rows[k].plain;
    return units;
}

void export_map_add(struct export_map *map, const struct register_entry *e)
{
    const bool is_float = e->quantity && !strcmp(e->format, "Float");

    if (!is_float && strcmp(e->name, "alert_bits") != 0)
        return;
    const bool counter = e->quantity && e->quantity->role == ROLE_COUNTER;
    struct export_point p = { .address = e->reg - 1,
                              .words = e->words,
                              .units = plain_units(e->units),
                              .text = e->text,
                              .sums = counter,
                              .counts = counter && !strstr(e->name, "_net") };
    g_strlcpy(p.name, e->name, sizeof p.name);
    if (is_float)
        p.name[strlen(p.name) - strlen("_f")] = '\0';
    g_array_append_val(map->points, p);
}

const struct export_point *export_point_find(const struct export_map *map,
                                             const char *name)
{
    for (guint k = 0; k < map->points->len; k++) {
        const struct export_point *p =
            &g_array_index(map->points, struct export_point, k);
        if (!strcmp(p->name, name))
            return p;
    }
    g_error("the map of %s has no %s", map->model, name);
}
