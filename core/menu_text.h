/* What the panel shows, before it becomes segments. */
#ifndef CORE_MENU_TEXT_H
#define CORE_MENU_TEXT_H

#include "core/lcd.h"

struct meter;

void menu_text(const struct meter *m, struct lcd_text *text);

#endif
