/* Numbers as the panel writes them. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { FORMAT_TEXT = 40 };

/* A number of 10^-6 units with a prefix that leaves three digits before the point, such
 * as "22.16" and "kA"; `unit` receives prefix and unit. */
void format_micro(char value[FORMAT_TEXT], char *unit, size_t unit_size, int64_t micro,
                  const char *symbol);
/* Both in one text: "80.00 A". */
void format_micro_text(char text[FORMAT_TEXT], int64_t micro, const char *symbol);
