/* Tables on standard output, as Markdown or as CSV with every cell in quotes. */
#pragma once

#include <stdbool.h>

/* Cells end with NULL. The head has a rule below it in Markdown. */
void table_head(bool csv, const char *const *cells);
void table_row(bool csv, const char *const *cells);

/* "## Title" in Markdown, nothing in CSV. The title begins with a capital. */
void table_section(bool csv, bool first, const char *title);
