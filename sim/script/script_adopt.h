/* Meters that a script did not make: those that are served (script_console.c), those of
 * a file (script_save.c). They stand in the global `meters`, by name and by number. */
#pragma once

#include "sim/script/script_state.h"

/* That table in the registry: scripts may set the global, a console shows it read-only. */
#define SCRIPT_METERS "meters"

/* A meter that the script did not make, into the global `meters`. */
struct site_meter *script_adopt(struct script *s, struct unit *unit, const char *name);
