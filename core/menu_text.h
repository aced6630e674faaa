/* What the panel shows, before it becomes segments. */
#pragma once

#include "core/lcd.h"

struct meter;

void menu_text(const struct meter *m, struct lcd_text *text);
