/* Characters as segments, as the LCD's memory holds them (core/lcd.h). What a font does
 * not have is a blank. On seven segments S looks like 5 and O like 0. */
#pragma once

#include <stdint.h>

/* Bits of a character of the top row, 14 segments. Posts and diagonals meet in the
 * middle: h up left, j up, k up right, l down left, m down, n down right. */
enum font_top_segment {
    TOP_A = 1 << 0,
    TOP_B = 1 << 1,
    TOP_C = 1 << 2,
    TOP_D = 1 << 3,
    TOP_E = 1 << 4,
    TOP_F = 1 << 5,
    TOP_G1 = 1 << 6,
    TOP_G2 = 1 << 7,
    TOP_H = 1 << 8,
    TOP_J = 1 << 9,
    TOP_K = 1 << 10,
    TOP_L = 1 << 11,
    TOP_M = 1 << 12,
    TOP_N = 1 << 13
};

/* Bits of a digit of the bottom row. */
enum font_bottom_segment {
    BOTTOM_A = 1 << 0,
    BOTTOM_B = 1 << 1,
    BOTTOM_C = 1 << 2,
    BOTTOM_D = 1 << 3,
    BOTTOM_E = 1 << 4,
    BOTTOM_F = 1 << 5,
    BOTTOM_G = 1 << 6,
    BOTTOM_POINT = 1 << 7
};

uint16_t font_top(char c);
uint8_t font_bottom(char c);
