/* LCD memory. See lcd.h. */
#include "core/lcd.h"

void lcd_status(struct meter *m)
{
    m->lcd_heart = !m->lcd_heart;
    uint8_t icons =
        (uint8_t)((m->lcd_heart ? LCD_HEART : 0) | (m->alerts ? LCD_WRENCH : 0));
    hal_lcd_write(m->hal, LCD_ICON_BYTE, &icons, 1);
}
