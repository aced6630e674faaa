/* The functions that core calls, on the emulated board. They put the same records on
 * their tape as the simulated board does; that is what makes the tapes comparable. */
#include "hal_target/emulated/board.h"
#include "core/factory_block.h"
#include "core/identity.h"
#include "core/modbus.h"
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

void startup_first(void)
{
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

void board_put(struct hal *h, enum tape_kind kind, const uint64_t *number,
               const void *bytes, size_t size)
{
    if (h->dead)
        return;
    counter_pause(&h->counter);
    if (size > TAPE_DATA_MAX - 4)
        board_fail(BOARD_BAD_TAPE, "an output longer than a record");
    tape_make(&h->record, kind, number, bytes, size);
    h->record.time_ns = h->now_ns;
    if (stream_put(&h->out, &h->record))
        board_fail(BOARD_BAD_TAPE, "the output cannot be written");
    counter_resume(&h->counter);
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

void board_nvm_fault(struct hal *h, enum tape_nvm_fault what, uint32_t value)
{
    switch (what) {
    case TAPE_NVM_SILENT:
        h->nvm_silent = value != 0;
        return;
    case TAPE_NVM_TEAR:
        h->nvm_tear = value;
        return;
    case TAPE_NVM_FLIP:
        flip(h, value);
        return;
    }
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
    board_put(h, TAPE_NVM_WRITE, TAPE_NUMBERS(address), data, size);
    board_nvm_poke(h, address, data, size);
    h->dead = torn;
    return torn ? -1 : 0;
}

void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    board_put(h, TAPE_UART_CONFIGURE, TAPE_NUMBERS(baud, parity), NULL, 0);
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    board_put(h, TAPE_UART_SEND, NULL, frame, size);
}

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    if (!outside(address, size, HAL_LCD_SIZE))
        board_put(h, TAPE_LCD, TAPE_NUMBERS(address), data, size);
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    board_put(h, TAPE_OUTPUT, TAPE_NUMBERS(which, on), NULL, 0);
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    board_put(h, TAPE_CT_RANGE, TAPE_NUMBERS(range), NULL, 0);
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

uint32_t hal_fact(struct hal *h, enum hal_fact which)
{
    (void)h;
    return which == HAL_BOARD_REVISION ? FACTORY_BLOCK_REVISION : 0;
}

uint32_t hal_reset_system_version(struct hal *h)
{
    (void)h;
    return RESET_SYSTEM_VERSION;
}

int hal_user_function(struct hal *h, const uint8_t *request, int length,
                      uint8_t *answer)
{
    (void)h;
    (void)request;
    (void)length;
    (void)answer;
    return -MODBUS_ILLEGAL_FUNCTION;
}
