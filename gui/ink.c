/* Colours that several drawings share. See ink.h. */
#include "gui/ink.h"

struct colour ink_phase(int phase)
{
    static const unsigned colours[3] = { 0xF5B83D, 0xEF6A85, 0x55B4FF };

    return colour_rgb(colours[phase]);
}

struct colour ink_pale(struct colour c)
{
    return (struct colour){ (uint8_t)((c.r + 255) / 2), (uint8_t)((c.g + 255) / 2),
                            (uint8_t)((c.b + 255) / 2), 255 };
}
