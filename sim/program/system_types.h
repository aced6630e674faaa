/* System types in messages, out of the firmware's table. */
#pragma once

#include "core/system_type.h"

enum { SYSTEM_TYPES_TEXT = 64 };

/* "10, 11, 12, 31 or 40": the types of a mask (T10 …), with `between` and, before the
 * last one, `before_last`. */
const char *system_types_text(char text[SYSTEM_TYPES_TEXT], unsigned mask,
                              const char *between, const char *before_last);
