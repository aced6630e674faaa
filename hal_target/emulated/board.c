/* The functions that core calls, on the emulated board. They put the same records on
 * their tape as the simulated board does; that is what makes the tapes comparable. */
#include "hal_target/emulated/board.h"
#include "hal_target/cortex_m/semihost.h"
#include "hal_target/cortex_m/startup.h"
#include <stddef.h>
#include <string.h>

_Noreturn void board_fail(enum board_exit code, const char *why)
{
    semihost_print(why);
    semihost_print("\n");
    semihost_exit(code);
}

_Noreturn void startup_end(int code)
{
    semihost_exit(code);
}

_Noreturn void startup_fault(uint32_t exception, const uint32_t *frame)
{
    (void)frame;
    char text[] = "exception 00 of the processor";

    text[10] = (char)('0' + exception / 10 % 10);
    text[11] = (char)('0' + exception % 10);
    board_fail(BOARD_FAULT, text);
}

/* Nobody has started it. */
void startup_tick(void)
{
    startup_fault(15, NULL);
}

/* A record of `head` (an address, or nothing) and data. */
static void put(struct hal *h, enum tape_kind kind, const void *head,
                uint32_t head_size, const void *data, uint32_t size)
{
    struct tape_record *r = &h->record;

    if (h->dead)
        return;
    counter_pause(&h->counter);
    if (size > TAPE_DATA_MOST - head_size)
        board_fail(BOARD_BAD_TAPE, "an output longer than a record");
    r->kind = (uint8_t)kind;
    r->size = (uint16_t)(head_size + size);
    r->time_ns = h->now_ns;
    memcpy(r->data, head, head_size);
    memcpy(r->data + head_size, data, size);
    if (stream_put(&h->out, r))
        board_fail(BOARD_BAD_TAPE, "the output cannot be written");
    counter_resume(&h->counter);
}

void board_put(struct hal *h, enum tape_kind kind, const void *data, uint32_t size)
{
    put(h, kind, "", 0, data, size);
}

static void put_at(struct hal *h, enum tape_kind kind, uint32_t address,
                   const void *data, uint32_t size)
{
    const uint8_t head[4] = { (uint8_t)address, (uint8_t)(address >> 8),
                              (uint8_t)(address >> 16), (uint8_t)(address >> 24) };

    put(h, kind, head, sizeof head, data, size);
}

_Noreturn static void fail_nvm(void)
{
    board_fail(BOARD_BAD_TAPE, "the file of the NVM cannot be used");
}

void board_open_nvm(struct hal *h, const char *path)
{
    uint8_t page[1024];

    memset(page, 0xFF, sizeof page);
    h->nvm = semihost_open(path, SEMIHOST_UPDATE);
    if (h->nvm < 0)
        fail_nvm();
    for (uint32_t at = 0; at < HAL_NVM_SIZE; at += sizeof page)
        if (semihost_write(h->nvm, page, sizeof page))
            fail_nvm();
}

void board_nvm_poke(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    if (semihost_seek(h->nvm, address) || semihost_write(h->nvm, data, size))
        fail_nvm();
}

static bool outside(uint32_t address, uint32_t size, uint32_t memory)
{
    return address > memory || size > memory - address;
}

static void read_nvm(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    if (semihost_seek(h->nvm, address) ||
        semihost_read(h->nvm, data, size) != (int)size)
        fail_nvm();
}

static void flip(struct hal *h, uint32_t bit)
{
    uint8_t byte;

    read_nvm(h, bit / 8, &byte, 1);
    byte ^= (uint8_t)(1 << bit % 8);
    board_nvm_poke(h, bit / 8, &byte, 1);
}

int board_nvm_fault(struct hal *h, enum tape_nvm_fault what, uint32_t value)
{
    if (what == TAPE_NVM_SILENT)
        h->nvm_silent = value != 0;
    else if (what == TAPE_NVM_TEAR)
        h->nvm_tear = value;
    else if (what == TAPE_NVM_FLIP && value < 8 * HAL_NVM_SIZE)
        flip(h, value);
    else
        return -1;
    return 0;
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    if (outside(address, size, HAL_NVM_SIZE) || h->nvm_silent || h->dead)
        return -1;
    read_nvm(h, address, data, size);
    return 0;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    if (outside(address, size, HAL_NVM_SIZE) || h->nvm_silent || h->dead)
        return -1;
    bool torn = h->nvm_tear && size >= h->nvm_tear;
    if (torn)
        size = h->nvm_tear;
    if (h->nvm_tear)
        h->nvm_tear -= size;
    put_at(h, TAPE_NVM_WRITE, address, data, size);
    board_nvm_poke(h, address, data, size);
    h->dead = torn;
    return torn ? -1 : 0;
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    uint8_t byte = (uint8_t)parity;

    put_at(h, TAPE_UART_CONFIGURE, baud, &byte, 1);
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    board_put(h, TAPE_UART_SEND, frame, size);
}

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    if (!outside(address, size, HAL_LCD_SIZE))
        put_at(h, TAPE_LCD, address, data, size);
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    const uint8_t bytes[2] = { (uint8_t)which, on };

    board_put(h, TAPE_OUTPUT, bytes, sizeof bytes);
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    uint8_t byte = (uint8_t)range;

    board_put(h, TAPE_CT_RANGE, &byte, 1);
}

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    (void)line;
    board_fail(BOARD_FAULT, file);
}

uint32_t hal_serial_number(struct hal *h)
{
    return h->serial_number;
}
