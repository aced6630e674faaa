/* The glass, as its drawing labels it: which cell and which segment each bit of the LCD
 * controller's memory lights. This is the one statement of it on the side of the board:
 * gui/glass.c draws by it, glass_text.c reads by it. It knows nothing of core/lcd.h.
 *
 *   byte 0       icons: heart, wrench, import, export (bits 0-3)
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
#pragma once

#include "core/hal.h"

enum { GLASS_BITS = 8 * HAL_LCD_SIZE, GLASS_COLUMNS = 5 };

enum glass_kind { GLASS_ICONS, GLASS_TOP, GLASS_BOTTOM, GLASS_KINDS };

struct glass_place {
    enum glass_kind kind;
    int column;  /* from the left, 0-4; icons: 0 */
    int segment; /* 0 … in the order of glass_labels */
};

/* Names of a kind's segments, in the order of its bits; a NULL ends them. */
extern const char *const glass_labels[GLASS_KINDS][16];

/* What bit `bit` (0-159, 8 × byte + bit) lights; false where nothing is connected. */
bool glass_map(int bit, struct glass_place *place);
