/* For the fuzz targets of core: the parts of a board that only check what they are
 * given, and meters that have run for some seconds. To be included once per program,
 * which has its own NVM and UART. */
#pragma once

#include "core/factory_block.h"
#include "core/meter.h"
#include "tests/support/no_reset_system.h"
#include <stdlib.h>
#include <string.h>

static void require(bool kept)
{
    if (!kept)
        abort();
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    (void)h;
    require(baud >= 1200 && baud <= 38400 && parity <= HAL_PARITY_ODD);
}

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    (void)h;
    (void)data;
    require(address <= HAL_LCD_SIZE && size <= HAL_LCD_SIZE - address);
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    (void)h;
    (void)on;
    require(which < HAL_OUTPUTS);
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    (void)h;
    require(range == HAL_CT_1V || range == HAL_CT_THIRD_V);
}

uint32_t hal_serial_number(struct hal *h)
{
    (void)h;
    return 4000000000u;
}

uint32_t hal_fact(struct hal *h, enum hal_fact which)
{
    (void)h;
    return which == HAL_BOARD_REVISION ? FACTORY_BLOCK_REVISION : 0;
}

/* Two seconds of a signal that has every reading off zero: a square wave at 60 Hz. */
static void fuzz_meter_start(struct meter *m, struct hal *h, const char *model)
{
    int32_t x[HAL_CHANNELS][BLOCK];

    meter_start(m, h, model_find(model));
    for (uint32_t ch = 0; ch < HAL_CHANNELS; ch++)
        for (uint32_t t = 0; t < BLOCK; t++)
            x[ch][t] = ((t + 14 * (ch % 3)) % BLOCK < BLOCK / 2 ? 1 : -1) * 2000000;
    for (uint32_t block = 0; block < 2 * HAL_SAMPLE_RATE / BLOCK + 3; block++) {
        meter_samples(m, (const int32_t(*)[BLOCK])x, BLOCK);
        meter_tick(m, (uint64_t)(block + 1) * BLOCK * 1000000 / HAL_SAMPLE_RATE);
        meter_poll(m);
    }
    require(m->seconds == 2);
}
