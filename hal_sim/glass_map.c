/* The map of the glass. See glass_map.h. */
#include "hal_sim/glass_map.h"

const char *const glass_labels[GLASS_KINDS][16] = {
    [GLASS_ICONS] = { "heart", "wrench", "import", "export" },
    [GLASS_TOP] = { "a", "b", "c", "d", "e", "f", "g1", "g2", "h", "j", "k", "l", "m",
                    "n", "point" },
    [GLASS_BOTTOM] = { "a", "b", "c", "d", "e", "f", "g", "point" },
};

/* First byte of each row, and its bytes a character. */
static const struct {
    int byte, bytes, columns;
} rows[GLASS_KINDS] = {
    [GLASS_ICONS] = { 0, 1, 1 },
    [GLASS_TOP] = { 1, 2, GLASS_COLUMNS },
    [GLASS_BOTTOM] = { 11, 1, GLASS_COLUMNS },
};

bool glass_map(int bit, struct glass_place *place)
{
    for (int kind = 0; kind < GLASS_KINDS; kind++) {
        int bits = 8 * rows[kind].bytes, from = bit - 8 * rows[kind].byte;
        if (from < 0 || from >= bits * rows[kind].columns)
            continue;
        place->kind = (enum glass_kind)kind;
        place->column = from / bits;
        place->segment = from % bits;
        return glass_labels[kind][place->segment] != 0;
    }
    return false;
}
