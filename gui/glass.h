/* The glass: which shape each bit of the LCD controller's memory lights. A controller
 * of four commons: byte n holds segment lines 2n (bits 0-3: com 0-3) and 2n + 1 (bits
 * 4-7). Which bit is which segment stands in hal_sim/glass_map.h; it knows no
 * characters: text that firmware maps wrongly looks wrong. */
#pragma once

#include "core/hal.h"
#include "gui/canvas.h"
#include "hal_sim/glass_map.h"

enum { GLASS_COMS = 4, GLASS_SEGS = 2 * HAL_LCD_SIZE };

struct glass_shape {
    int count; /* corners */
    struct point point[CANVAS_POINTS_MAX];
    struct box box;
};

/* The shape at (com, seg), in units of the drawing; false where nothing is connected.
 */
bool glass_shape(int com, int seg, struct glass_shape *shape);

bool glass_lit(const uint8_t lcd[HAL_LCD_SIZE], int com, int seg);

/* The blue window with all its shapes. */
void glass_draw(struct canvas *c, const uint8_t lcd[HAL_LCD_SIZE], bool backlight);

/* The smallest box around the shapes that differ; false when none does. */
bool glass_damage(const uint8_t a[HAL_LCD_SIZE], const uint8_t b[HAL_LCD_SIZE],
                  struct box *box);

/* The window. */
extern const struct box glass_window;
