/* The two fonts. See font.h. */
#include "core/font.h"

static const uint16_t top[] = {
    ['+' - ' '] = TOP_G1 | TOP_G2 | TOP_J | TOP_M,
    ['-' - ' '] = TOP_G1 | TOP_G2,
    ['/' - ' '] = TOP_K | TOP_L,
    ['0' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_E | TOP_F | TOP_K | TOP_L,
    ['1' - ' '] = TOP_B | TOP_C,
    ['2' - ' '] = TOP_A | TOP_B | TOP_D | TOP_E | TOP_G1 | TOP_G2,
    ['3' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_G2,
    ['4' - ' '] = TOP_B | TOP_C | TOP_F | TOP_G1 | TOP_G2,
    ['5' - ' '] = TOP_A | TOP_D | TOP_F | TOP_G1 | TOP_N,
    ['6' - ' '] = TOP_A | TOP_C | TOP_D | TOP_E | TOP_F | TOP_G1 | TOP_G2,
    ['7' - ' '] = TOP_A | TOP_B | TOP_C,
    ['8' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_E | TOP_F | TOP_G1 | TOP_G2,
    ['9' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_F | TOP_G1 | TOP_G2,
    ['A' - ' '] = TOP_A | TOP_B | TOP_C | TOP_E | TOP_F | TOP_G1 | TOP_G2,
    ['B' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_G2 | TOP_J | TOP_M,
    ['C' - ' '] = TOP_A | TOP_D | TOP_E | TOP_F,
    ['D' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_J | TOP_M,
    ['E' - ' '] = TOP_A | TOP_D | TOP_E | TOP_F | TOP_G1,
    ['F' - ' '] = TOP_A | TOP_E | TOP_F | TOP_G1,
    ['G' - ' '] = TOP_A | TOP_C | TOP_D | TOP_E | TOP_F | TOP_G2,
    ['H' - ' '] = TOP_B | TOP_C | TOP_E | TOP_F | TOP_G1 | TOP_G2,
    ['I' - ' '] = TOP_A | TOP_D | TOP_J | TOP_M,
    ['J' - ' '] = TOP_B | TOP_C | TOP_D | TOP_E,
    ['K' - ' '] = TOP_E | TOP_F | TOP_G1 | TOP_K | TOP_N,
    ['L' - ' '] = TOP_D | TOP_E | TOP_F,
    ['M' - ' '] = TOP_B | TOP_C | TOP_E | TOP_F | TOP_H | TOP_K,
    ['N' - ' '] = TOP_B | TOP_C | TOP_E | TOP_F | TOP_H | TOP_N,
    ['O' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_E | TOP_F,
    ['P' - ' '] = TOP_A | TOP_B | TOP_E | TOP_F | TOP_G1 | TOP_G2,
    ['Q' - ' '] = TOP_A | TOP_B | TOP_C | TOP_D | TOP_E | TOP_F | TOP_N,
    ['R' - ' '] = TOP_A | TOP_B | TOP_E | TOP_F | TOP_G1 | TOP_G2 | TOP_N,
    ['S' - ' '] = TOP_A | TOP_C | TOP_D | TOP_F | TOP_G1 | TOP_G2,
    ['T' - ' '] = TOP_A | TOP_J | TOP_M,
    ['U' - ' '] = TOP_B | TOP_C | TOP_D | TOP_E | TOP_F,
    ['V' - ' '] = TOP_E | TOP_F | TOP_K | TOP_L,
    ['W' - ' '] = TOP_B | TOP_C | TOP_E | TOP_F | TOP_L | TOP_N,
    ['X' - ' '] = TOP_H | TOP_K | TOP_L | TOP_N,
    ['Y' - ' '] = TOP_H | TOP_K | TOP_M,
    ['Z' - ' '] = TOP_A | TOP_D | TOP_K | TOP_L,
    ['_' - ' '] = TOP_D,
    ['h' - ' '] = TOP_C | TOP_E | TOP_F | TOP_G1 | TOP_G2,
    ['m' - ' '] = TOP_C | TOP_E | TOP_G1 | TOP_G2 | TOP_M,
};

static const uint8_t bottom[] = {
    ['-' - ' '] = BOTTOM_G,
    ['0' - ' '] = BOTTOM_A | BOTTOM_B | BOTTOM_C | BOTTOM_D | BOTTOM_E | BOTTOM_F,
    ['1' - ' '] = BOTTOM_B | BOTTOM_C,
    ['2' - ' '] = BOTTOM_A | BOTTOM_B | BOTTOM_D | BOTTOM_E | BOTTOM_G,
    ['3' - ' '] = BOTTOM_A | BOTTOM_B | BOTTOM_C | BOTTOM_D | BOTTOM_G,
    ['4' - ' '] = BOTTOM_B | BOTTOM_C | BOTTOM_F | BOTTOM_G,
    ['5' - ' '] = BOTTOM_A | BOTTOM_C | BOTTOM_D | BOTTOM_F | BOTTOM_G,
    ['6' - ' '] = BOTTOM_A | BOTTOM_C | BOTTOM_D | BOTTOM_E | BOTTOM_F | BOTTOM_G,
    ['7' - ' '] = BOTTOM_A | BOTTOM_B | BOTTOM_C,
    ['8' - ' '] =
        BOTTOM_A | BOTTOM_B | BOTTOM_C | BOTTOM_D | BOTTOM_E | BOTTOM_F | BOTTOM_G,
    ['9' - ' '] = BOTTOM_A | BOTTOM_B | BOTTOM_C | BOTTOM_D | BOTTOM_F | BOTTOM_G,
    ['A' - ' '] = BOTTOM_A | BOTTOM_B | BOTTOM_C | BOTTOM_E | BOTTOM_F | BOTTOM_G,
    ['C' - ' '] = BOTTOM_A | BOTTOM_D | BOTTOM_E | BOTTOM_F,
    ['E' - ' '] = BOTTOM_A | BOTTOM_D | BOTTOM_E | BOTTOM_F | BOTTOM_G,
    ['F' - ' '] = BOTTOM_A | BOTTOM_E | BOTTOM_F | BOTTOM_G,
    ['I' - ' '] = BOTTOM_E | BOTTOM_F,
    ['L' - ' '] = BOTTOM_D | BOTTOM_E | BOTTOM_F,
    ['O' - ' '] = BOTTOM_A | BOTTOM_B | BOTTOM_C | BOTTOM_D | BOTTOM_E | BOTTOM_F,
    ['S' - ' '] = BOTTOM_A | BOTTOM_C | BOTTOM_D | BOTTOM_F | BOTTOM_G,
    ['b' - ' '] = BOTTOM_C | BOTTOM_D | BOTTOM_E | BOTTOM_F | BOTTOM_G,
    ['d' - ' '] = BOTTOM_B | BOTTOM_C | BOTTOM_D | BOTTOM_E | BOTTOM_G,
    ['n' - ' '] = BOTTOM_C | BOTTOM_E | BOTTOM_G,
    ['o' - ' '] = BOTTOM_C | BOTTOM_D | BOTTOM_E | BOTTOM_G,
    ['r' - ' '] = BOTTOM_E | BOTTOM_G,
    ['t' - ' '] = BOTTOM_D | BOTTOM_E | BOTTOM_F | BOTTOM_G,
    ['v' - ' '] = BOTTOM_C | BOTTOM_D | BOTTOM_E,
};

uint16_t font_top(char c)
{
    unsigned k = (unsigned char)c - (unsigned)' ';
    return k < sizeof top / sizeof *top ? top[k] : 0;
}

uint8_t font_bottom(char c)
{
    unsigned k = (unsigned char)c - (unsigned)' ';
    return k < sizeof bottom / sizeof *bottom ? bottom[k] : 0;
}
