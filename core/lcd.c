/* LCD memory. See lcd.h. */
#include "core/lcd.h"
#include "core/font.h"
#include <string.h>

void lcd_start(struct lcd *l, struct hal *h)
{
    memset(l->memory, 0, sizeof l->memory);
    hal_lcd_write(h, 0, l->memory, sizeof l->memory);
}

static void compose_top(const char *text, uint8_t *memory)
{
    for (int cell = 0; cell < LCD_CELLS && text[cell]; cell++) {
        uint16_t segments = font_top(text[cell]);
        memory[LCD_TOP_BYTE + 2 * cell] = (uint8_t)segments;
        memory[LCD_TOP_BYTE + 2 * cell + 1] = (uint8_t)(segments >> 8);
    }
}

/* From the right. A point without a digit before it stands in a blank cell. */
static void compose_bottom(const char *text, uint8_t *memory)
{
    int length = 0, cell = LCD_BOTTOM_BYTE + LCD_CELLS;

    while (text[length])
        length++;
    for (int k = length - 1; k >= 0 && cell > LCD_BOTTOM_BYTE; k--) {
        memory[--cell] = 0;
        if (text[k] == '.') {
            memory[cell] = BOTTOM_POINT;
            k--;
        }
        if (k >= 0)
            memory[cell] |= font_bottom(text[k]);
    }
}

void lcd_show(struct lcd *l, struct hal *h, const struct lcd_text *text)
{
    uint8_t memory[HAL_LCD_SIZE] = { 0 };

    if (l->held)
        return;
    memory[LCD_ICON_BYTE] = text->icons;
    compose_top(text->top, memory);
    compose_bottom(text->bottom, memory);
    for (uint32_t from = 0, to; from < HAL_LCD_SIZE; from = to + 1) {
        for (to = from; to < HAL_LCD_SIZE && memory[to] != l->memory[to]; to++)
            l->memory[to] = memory[to];
        if (to > from)
            hal_lcd_write(h, from, memory + from, to - from);
    }
}
