/* What of a register the formats of others need (register_export.h). */
#pragma once

#include "sim/field/register_list.h"
#include <glib.h>

struct export_point {
    char name[REGISTER_NAME]; /* of the reading */
    int address;              /* on the wire */
    int words;                /* 2: a float, high word first; 1: an unsigned integer */
    const char *units;        /* "kW", "kvarh"; "" of numbers */
    const char *text;
    bool counts; /* only upwards */
    bool sums;   /* an energy, also a net one */
};

struct export_map {
    const char *model;
    const char *energy; /* the name of the imported kWh */
    GArray *points;     /* struct export_point */
};

void export_map_start(struct export_map *map, const struct model *model);

/* Adds a float reading, or the alerts; other registers are left out. */
void export_map_add(struct export_map *map, const struct register_entry *e);

/* Every model has those that are asked for; anything else is a bug. */
const struct export_point *export_point_find(const struct export_map *map,
                                             const char *name);
