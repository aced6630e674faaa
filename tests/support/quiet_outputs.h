/* The outputs of a board that no test looks at: LCD, contacts, LEDs and the range of
 * the CT inputs go nowhere. For boards of tests; included once per program. */
#pragma once

#include "core/factory_block.h"
#include "core/hal.h"

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    (void)h;
    (void)address;
    (void)data;
    (void)size;
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    (void)h;
    (void)which;
    (void)on;
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    (void)h;
    (void)range;
}

uint32_t hal_fact(struct hal *h, enum hal_fact which)
{
    (void)h;
    return which == HAL_BOARD_REVISION ? FACTORY_BLOCK_REVISION : 0;
}
