/* The board for power cuts: NVM is a file of the host's, written byte by byte as FRAM
 * is, and the emulator ends between any two bytes: after a number of them, which falls
 * at the same byte on a slow host and on a fast one. One byte behind the NVM says that
 * a write is under way; with it the next start knows that it was cut. */
#include "hal_target/power_cut/board.h"
#include "core/factory_block.h"
#include "core/modbus.h"
#include "hal_target/cortex_m/semihost.h"
#include "hal_target/cortex_m/startup.h"

_Noreturn void board_fail(const char *why)
{
    semihost_print(why);
    semihost_print("\n");
    semihost_exit(1);
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
    (void)exception, (void)frame;
    board_fail("an exception of the processor");
}

void startup_tick(void)
{
    board_fail("an interrupt that nobody asked for");
}

static int write_byte(struct hal *h, const uint8_t *byte)
{
    if (h->writes_left && --h->writes_left == 0)
        semihost_exit(0);
    return semihost_write(h->nvm, byte, 1);
}

static void mark(struct hal *h, bool writing)
{
    uint8_t byte = writing;

    if (semihost_seek(h->nvm, HAL_NVM_SIZE) || write_byte(h, &byte))
        board_fail("the file of the NVM cannot be used");
}

void board_open(struct hal *h, const char *path, uint32_t writes)
{
    uint8_t byte = 0;

    h->writes_left = writes;
    h->nvm = semihost_open(path, SEMIHOST_MODIFY);
    if (h->nvm < 0 || semihost_seek(h->nvm, HAL_NVM_SIZE) ||
        semihost_read(h->nvm, &byte, 1) != 1)
        board_fail("the file of the NVM cannot be used: 262145 bytes are needed");
    h->cut = byte == 1;
    mark(h, false);
}

static bool outside(uint32_t address, uint32_t size)
{
    return address > HAL_NVM_SIZE || size > HAL_NVM_SIZE - address;
}

int hal_nvm_read(struct hal *h, uint32_t address, void *data, uint32_t size)
{
    if (outside(address, size) || semihost_seek(h->nvm, address))
        return -1;
    return semihost_read(h->nvm, data, size) == (int)size ? 0 : -1;
}

int hal_nvm_write(struct hal *h, uint32_t address, const void *data, uint32_t size)
{
    const uint8_t *at = data;
    int result = 0;

    if (outside(address, size))
        return -1;
    mark(h, true);
    result |= semihost_seek(h->nvm, address);
    for (uint32_t k = 0; k < size; k++)
        result |= write_byte(h, at + k);
    mark(h, false);
    return result;
}

_Noreturn void hal_assert_failed(const char *file, uint32_t line)
{
    (void)line;
    board_fail(file);
}

uint32_t hal_serial_number(struct hal *h)
{
    (void)h;
    return 1;
}

uint32_t hal_fact(struct hal *h, enum hal_fact which)
{
    (void)h;
    return which == HAL_BOARD_REVISION ? FACTORY_BLOCK_REVISION : 0;
}

uint32_t hal_reset_system_version(struct hal *h)
{
    (void)h;
    return 0;
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

/* What the meter shows is of no interest here. */
void hal_uart_configure(struct hal *h, uint32_t baud, enum hal_parity parity)
{
    (void)h, (void)baud, (void)parity;
}

void hal_uart_send(struct hal *h, const uint8_t *frame, uint32_t size)
{
    (void)h, (void)frame, (void)size;
}

void hal_lcd_write(struct hal *h, uint32_t address, const uint8_t *data, uint32_t size)
{
    (void)h, (void)address, (void)data, (void)size;
}

void hal_output(struct hal *h, enum hal_output which, bool on)
{
    (void)h, (void)which, (void)on;
}

void hal_ct_range(struct hal *h, enum hal_ct_range range)
{
    (void)h, (void)range;
}
