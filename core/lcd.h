/* The LCD controller's memory: texts and icons into segment bits, written only where
 * they change. Which bit lights which segment is stated here for the firmware; the drawing
 * states it for itself.
 *
 *   byte 0        icons
 *   bytes 1-10    top row, 16 bits a character, low byte first (enum font_top_segment)
 *   bytes 11-15   bottom row, a byte a digit (enum font_bottom_segment)
 *   bytes 16-19   nothing is connected */
#pragma once

#include "core/hal.h"

enum lcd_icon { LCD_HEART = 1, LCD_WRENCH = 2, LCD_IMPORT = 4, LCD_EXPORT = 8 };

enum { LCD_ICON_BYTE = 0, LCD_TOP_BYTE = 1, LCD_BOTTOM_BYTE = 11, LCD_CELLS = 5 };

/* The top row starts at the left; the bottom row ends at the right, and a point belongs
 * to the digit before it. */
struct lcd_text {
    char top[LCD_CELLS + 1];
    char bottom[2 * LCD_CELLS + 1];
    uint8_t icons; /* bits of enum lcd_icon */
};

struct lcd {
    uint8_t memory[HAL_LCD_SIZE]; /* as last written */
    bool held;                    /* lcd_show changes nothing (factory.h) */
};

/* All of the memory dark, whatever it held. */
void lcd_start(struct lcd *l, struct hal *h);

void lcd_show(struct lcd *l, struct hal *h, const struct lcd_text *text);
