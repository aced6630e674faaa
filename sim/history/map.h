/* What columns are, by a file: a line for each, "HEADING = reading [unit]". Readings are
 * the names of `metersim registers` (kw_total, v_an …), kvarh_import, kvarh_export, time,
 * date, alerts, or unused. Blank lines and those that begin with # are skipped. */
#pragma once

#include "sim/history/heading.h"
#include <glib.h>

struct map;

/* NULL with *error set: "FILE:LINE:COLUMN: what". */
struct map *map_parse(const char *name, const char *text, GError **error);
void map_free(struct map *map); /* NULL is allowed */

/* Is the heading in it? */
bool map_find(struct map *map, const char *heading, struct heading *to);

/* Has each line found its column? False with *error set. */
bool map_all_found(const struct map *map, GError **error);
