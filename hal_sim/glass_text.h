/* Reading the glass as a person does: lit segments, by the labels of the drawing, back
 * into characters. A pattern that is no character reads '?'.
 *
 * On seven segments S and 5, O and 0 are one shape: a row of digits alone is read as a
 * number, and so is a row that holds a digit of another shape; any other row with a
 * letter in it is a word. So "5AvEd" is SAvEd, and the model S4100 reads 54100. */
#pragma once

#include "hal_sim/glass_map.h"

struct glass_text {
    char top[GLASS_COLUMNS + 1];        /* with its blanks */
    char bottom[2 * GLASS_COLUMNS + 1]; /* a point stands behind its digit */
    bool icon[4];                       /* in the order of glass_labels */
};

void glass_read(const uint8_t memory[HAL_LCD_SIZE], struct glass_text *text);
