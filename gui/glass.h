/* The glass: which shape each bit of the LCD controller's memory lights. A controller
 * of four commons: byte n holds segment lines 2n (bits 0-3: com 0-3) and 2n + 1 (bits
 * 4-7). The map is drawn here from the memory alone and knows no characters: text that
 * firmware maps wrongly looks wrong.
 *
 *   byte 0       icons: heart, wrench, import, export (bits 0-3; core/lcd.h)
 *   bytes 1-10   top row: 16 bits a character, low byte first:
 *                a b c d e f g1 g2 (bits 0-7), h j k l m n (8-13), point (14)
 *   bytes 11-15  bottom row: a b c d e f g (bits 0-6), point (7)
 *   bytes 16-19  nothing is connected
 *
 *      a            diagonals and posts: h up left, j up, k up right,
 *    f   b          l down left, m down, n down right
 *     g1 g2
 *    e   c
 *      d   .  */
#ifndef GUI_GLASS_H
#define GUI_GLASS_H

#include "core/hal.h"
#include "gui/canvas.h"

enum { GLASS_COMS = 4, GLASS_SEGS = 2 * HAL_LCD_SIZE };

struct glass_shape {
    int count; /* corners */
    SDL_FPoint point[CANVAS_POINTS_MOST];
    SDL_FRect box;
};

/* The shape at (com, seg), in units of the drawing; false where nothing is connected.
 */
bool glass_shape(int com, int seg, struct glass_shape *shape);

bool glass_lit(const uint8_t lcd[HAL_LCD_SIZE], int com, int seg);

/* The blue window with all its shapes. */
void glass_draw(struct canvas *c, const uint8_t lcd[HAL_LCD_SIZE], bool backlight);

/* The smallest box around the shapes that differ; false when none does. */
bool glass_damage(const uint8_t a[HAL_LCD_SIZE], const uint8_t b[HAL_LCD_SIZE],
                  SDL_FRect *box);

/* The window. */
extern const SDL_FRect glass_window;

#endif
