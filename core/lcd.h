/* LCD memory: which icons burn. */
#ifndef CORE_LCD_H
#define CORE_LCD_H

#include "core/meter.h"

enum { LCD_ICON_BYTE = 0, LCD_HEART = 1 << 0, LCD_WRENCH = 1 << 1 };

/* Once a second: the heart blinks while the meter runs, the wrench burns while any bit
 * of register 146 is set. */
void lcd_status(struct meter *m);

#endif
