/* May this be the state of a microcontroller? See sound.h. Refused are flags that are
 * neither, numbers beyond their tables, clocks that the registers do not make, and
 * moments so long ago that to catch up with them would take years. Registers themselves
 * may hold anything, for an image may have written it. */
#pragma once

#include <stdbool.h>

struct soc;

bool soc_is_sound(const struct soc *s);
