/* A board for tests of logs and of RS-485: all of the FRAM, as hal.h has it, a chip
 * that can refuse or lose power in the middle of a write, and the frames that were
 * sent. It takes the place of fake_board.h, whose memory ends below the logs: include
 * it before bench.h. */
#pragma once
#define TESTS_SUPPORT_FAKE_BOARD_H

#include "core/modbus.h"
#include "tests/support/no_reset_system.h"
#include "tests/support/quiet_outputs.h"
#include <string.h>

struct hal {
    uint8_t nvm[HAL_NVM_SIZE];
    uint32_t reads, writes; /* calls */
    uint32_t bytes;         /* offered to writes */
    bool refuses;           /* the chip does not answer */
    uint32_t refuses_nth;   /* write from now on, and only that; 0: none */
    bool dies;              /* power goes after `bytes_left` more bytes */
    uint32_t bytes_left;
    uint64_t now_us; /* set by bench.h */
    uint8_t sent[256];
    uint32_t sent_size, frames;
    uint32_t baud;
    bool unnumbered; /* it does not know its serial number */
};

static inline void fake_board_start(struct hal *h)
{
    memset(h, 0, sizeof *h);
    memset(h->nvm, 0xFF, sizeof h->nvm);
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    h->reads++;
    if (h->refuses || address > sizeof h->nvm || size > sizeof h->nvm - address)
        return -1;
    memcpy(data, h->nvm + address, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    h->writes++;
    h->bytes += size;
    bool refuses = h->refuses || h->refuses_nth == 1;
    if (h->refuses_nth)
        h->refuses_nth--;
    if (refuses || address > sizeof h->nvm || size > sizeof h->nvm - address)
        return -1;
    if (h->dies) {
        size = size < h->bytes_left ? size : h->bytes_left;
        h->bytes_left -= size;
    }
    memcpy(h->nvm + address, data, size);
    return 0;
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    (void)parity;
    h->baud = baud;
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    memcpy(h->sent, frame, size);
    h->sent_size = size;
    h->frames++;
}

uint32_t hal_serial_number(struct hal *h)
{
    return h->unnumbered ? FACTORY_BLOCK_NO_SERIAL : 4294967294u;
}
