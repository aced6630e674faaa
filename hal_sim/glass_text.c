/* Reading the glass. See glass_text.h. The shapes stand here as a person would describe
 * them; the firmware's own fonts are not used. */
#include "hal_sim/glass_text.h"
#include <string.h>

struct glyph {
    char character;
    const char *lit; /* labels, in the order of the bits */
};

static const struct glyph top_glyphs[] = {
    { 'A', "a b c e f g1 g2" },
    { 'B', "a b c d g2 j m" },
    { 'C', "a d e f" },
    { 'D', "a b c d j m" },
    { 'E', "a d e f g1" },
    { 'F', "a e f g1" },
    { 'G', "a c d e f g2" },
    { 'H', "b c e f g1 g2" },
    { 'I', "a d j m" },
    { 'J', "b c d e" },
    { 'K', "e f g1 k n" },
    { 'L', "d e f" },
    { 'M', "b c e f h k" },
    { 'N', "b c e f h n" },
    { 'O', "a b c d e f" },
    { 'P', "a b e f g1 g2" },
    { 'Q', "a b c d e f n" },
    { 'R', "a b e f g1 g2 n" },
    { 'S', "a c d f g1 g2" },
    { 'T', "a j m" },
    { 'U', "b c d e f" },
    { 'V', "e f k l" },
    { 'W', "b c e f l n" },
    { 'X', "h k l n" },
    { 'Y', "h k m" },
    { 'Z', "a d k l" },
    { '0', "a b c d e f k l" },
    { '1', "b c" },
    { '2', "a b d e g1 g2" },
    { '3', "a b c d g2" },
    { '4', "b c f g1 g2" },
    { '5', "a d f g1 n" },
    { '6', "a c d e f g1 g2" },
    { '7', "a b c" },
    { '8', "a b c d e f g1 g2" },
    { '9', "a b c d f g1 g2" },
    { 'h', "c e f g1 g2" },
    { 'm', "c e g1 g2 m" },
    { '-', "g1 g2" },
    { '/', "k l" },
    { '+', "g1 g2 j m" },
    { '_', "d" },
    { 0, 0 },
};

static const struct glyph bottom_glyphs[] = {
    { '0', "a b c d e f" },
    { '1', "b c" },
    { '2', "a b d e g" },
    { '3', "a b c d g" },
    { '4', "b c f g" },
    { '5', "a c d f g" },
    { '6', "a c d e f g" },
    { '7', "a b c" },
    { '8', "a b c d e f g" },
    { '9', "a b c d f g" },
    { 'A', "a b c e f g" },
    { 'C', "a d e f" },
    { 'E', "a d e f g" },
    { 'F', "a e f g" },
    { 'I', "e f" },
    { 'L', "d e f" },
    { 'b', "c d e f g" },
    { 'd', "b c d e g" },
    { 'n', "c e g" },
    { 'o', "c d e g" },
    { 'r', "e g" },
    { 't', "d e f g" },
    { 'v', "c d e" },
    { '-', "g" },
    { 0, 0 },
};

/* The labels of the segments that are lit in one cell, but for its point. */
struct cell {
    char lit[48];
    bool point;
};

static void light(struct cell *cell, const char *label)
{
    if (!strcmp(label, "point")) {
        cell->point = true;
        return;
    }
    if (cell->lit[0])
        strcat(cell->lit, " ");
    strcat(cell->lit, label);
}

static char character(const struct glyph *glyphs, const struct cell *cell)
{
    if (!cell->lit[0])
        return ' ';
    for (; glyphs->character; glyphs++)
        if (!strcmp(glyphs->lit, cell->lit))
            return glyphs->character;
    return '?';
}

/* 5 and 0 in a word. */
static void read_word(char *row)
{
    if (!strpbrk(row, "ACEFILbdnortv") || strpbrk(row, "12346789"))
        return;
    for (; *row; row++)
        *row = *row == '5' ? 'S' : *row == '0' ? 'O' : *row;
}

void glass_read(const uint8_t memory[HAL_LCD_SIZE], struct glass_text *text)
{
    struct cell cell[GLASS_KINDS][GLASS_COLUMNS];
    struct glass_place at;
    char *bottom = text->bottom;

    memset(cell, 0, sizeof cell);
    memset(text, 0, sizeof *text);
    for (int bit = 0; bit < GLASS_BITS; bit++) {
        if (!(memory[bit / 8] >> bit % 8 & 1) || !glass_map(bit, &at))
            continue;
        if (at.kind == GLASS_ICONS)
            text->icon[at.segment] = true;
        else
            light(&cell[at.kind][at.column], glass_labels[at.kind][at.segment]);
    }
    for (int k = 0; k < GLASS_COLUMNS; k++) {
        text->top[k] = character(top_glyphs, &cell[GLASS_TOP][k]);
        *bottom++ = character(bottom_glyphs, &cell[GLASS_BOTTOM][k]);
        if (cell[GLASS_BOTTOM][k].point)
            *bottom++ = '.';
    }
    read_word(text->bottom);
}
