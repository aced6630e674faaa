/* A board whose FRAM keeps a journal of every byte written to it, so that a power cut
 * at any byte is a prefix of the journal, and what a restart writes can be undone.
 * Include it before bench.h, in place of fake_board.h. */
#pragma once
#define TESTS_SUPPORT_FAKE_BOARD_H

#include "core/modbus.h"
#include "tests/support/no_reset_system.h"
#include "tests/support/quiet_outputs.h"
#include <stdlib.h>
#include <string.h>

struct journal_byte {
    uint32_t address;
    uint8_t before, after;
};

struct hal {
    uint8_t nvm[HAL_NVM_SIZE];
    struct journal_byte *journal;
    size_t written, room;
    uint64_t now_us; /* set by bench.h */
};

static inline void fake_board_start(struct hal *h)
{
    memset(h->nvm, 0xFF, sizeof h->nvm);
    h->written = 0;
}

static inline void journal_put(struct hal *h, uint32_t address, uint8_t byte)
{
    if (h->written == h->room) {
        h->room = 2 * h->room + 4096;
        h->journal = realloc(h->journal, h->room * sizeof *h->journal);
        if (!h->journal)
            abort();
    }
    h->journal[h->written++] = (struct journal_byte){ address, h->nvm[address], byte };
    h->nvm[address] = byte;
}

/* Back to what it was when `written` was 0. */
static inline void journal_undo(struct hal *h)
{
    while (h->written) {
        const struct journal_byte *b = &h->journal[--h->written];
        h->nvm[b->address] = b->before;
    }
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    if (address > sizeof h->nvm || size > sizeof h->nvm - address)
        return -1;
    memcpy(data, h->nvm + address, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    const uint8_t *byte = data;

    if (address > sizeof h->nvm || size > sizeof h->nvm - address)
        return -1;
    for (uint32_t k = 0; k < size; k++)
        journal_put(h, address + k, byte[k]);
    return 0;
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    (void)h;
    (void)baud;
    (void)parity;
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    (void)h;
    (void)frame;
    (void)size;
}

uint32_t hal_serial_number(struct hal *h)
{
    (void)h;
    return 4711;
}
