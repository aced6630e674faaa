/* A board for tests of core: plain memory behind hal.h, and a chip that can refuse
 * writes or lose power in the middle of one. To be included once per program; the
 * linker then takes these functions instead of hal_sim's. */
#ifndef TESTS_SUPPORT_FAKE_BOARD_H
#define TESTS_SUPPORT_FAKE_BOARD_H

#include "core/factory_block.h"
#include "core/hal.h"
#include "core/modbus.h"
#include <string.h>

struct hal {
    uint8_t nvm[8192];
    uint32_t writes; /* calls of hal_nvm_write */
    uint32_t bytes;  /* bytes that were offered to it */
    bool refuses;    /* the chip does not answer */
    bool dies;       /* power goes after `bytes_left` more bytes */
    uint32_t bytes_left;
    bool output[HAL_OUTPUTS];
    uint32_t closures; /* of the energy contact */
    uint64_t now_us;   /* set by the test, for the times below */
    uint64_t closed_us, opened_us;
    uint64_t least_closed_us, least_open_us;
    enum hal_ct_range ct_range;
    uint32_t baud;
    enum hal_parity parity;
    uint8_t lcd[HAL_LCD_SIZE];
    uint32_t lcd_bytes;    /* written */
    uint32_t reset_system; /* its version */
    int user_functions;    /* how many came */
};

static inline void fake_board_start(struct hal *h)
{
    memset(h, 0, sizeof *h);
    memset(h->nvm, 0xFF, sizeof h->nvm);
    h->least_closed_us = h->least_open_us = UINT64_MAX;
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    if (h->refuses || address + size > sizeof h->nvm)
        return -1;
    memcpy(data, h->nvm + address, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    uint32_t written = size;

    h->writes++;
    h->bytes += size;
    if (h->refuses || address + size > sizeof h->nvm)
        return -1;
    if (h->dies) {
        written = size < h->bytes_left ? size : h->bytes_left;
        h->bytes_left -= written;
    }
    memcpy(h->nvm + address, data, written);
    return 0;
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    h->baud = baud;
    h->parity = parity;
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    (void)h;
    (void)frame;
    (void)size;
}

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    h->lcd_bytes += size;
    if (address + size <= sizeof h->lcd)
        memcpy(h->lcd + address, data, size);
}

static inline void note_contact(struct hal *h, bool on)
{
    if (on && h->closures++) {
        uint64_t open = h->now_us - h->opened_us;
        h->least_open_us = open < h->least_open_us ? open : h->least_open_us;
    }
    if (on) {
        h->closed_us = h->now_us;
        return;
    }
    uint64_t closed = h->now_us - h->closed_us;
    h->least_closed_us = closed < h->least_closed_us ? closed : h->least_closed_us;
    h->opened_us = h->now_us;
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    if (which == HAL_ENERGY_CONTACT && on != h->output[which])
        note_contact(h, on);
    h->output[which] = on;
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    h->ct_range = range;
}

uint32_t hal_serial_number(struct hal *h)
{
    (void)h;
    return 12345678;
}

uint32_t hal_fact(struct hal *h, enum hal_fact which)
{
    (void)h;
    return which == HAL_BOARD_REVISION ? FACTORY_BLOCK_REVISION : 0;
}

uint32_t hal_reset_system_version(struct hal *h)
{
    return h->reset_system;
}

int hal_user_function(struct hal *h, const uint8_t *request, int length,
                      uint8_t *answer)
{
    (void)request, (void)length, (void)answer;
    h->user_functions++;
    return -MODBUS_ILLEGAL_FUNCTION;
}

#endif
