/* SPI2 (RM0090, 28.3) and the FRAM's commands (FM25V20A datasheet 001-90261, "SPI
 * mode", "Status register"). See fram.h. */
#include "hal_target/stm32f405/fram.h"
#include "core/hal.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"

enum {
    WRSR = 0x01,
    WRITE = 0x02,
    READ = 0x03,
    WRDI = 0x04,
    RDSR = 0x05,
    WREN = 0x06,
    /* Of the status register: WEL, and the bits that protect blocks. */
    LATCH = 0x02,
    PROTECTED = 0x0C,
    TRIES = 1000
};

/* Mode 0, 8 bits, 19.35 MHz; of the parts CY15B102Q bears the least, 25 MHz. */
void fram_start(void)
{
    pin_write(PIN_FRAM_CS, true);
    mmio_write(SPI2 + SPI_CR1,
               SPI_CR1_MSTR | SPI_CR1_BY_2 | SPI_CR1_SSI_SSM | SPI_CR1_SPE);
}

/* One byte out, one in; -1 when the peripheral does not move. */
static int exchange(uint8_t byte)
{
    mmio_write(SPI2 + SPI_DR, byte);
    if (mmio_wait(SPI2 + SPI_SR, SPI_SR_RXNE, SPI_SR_RXNE, TRIES))
        return -1;
    return (int)(mmio_read(SPI2 + SPI_DR) & 0xFF);
}

static void command(uint8_t opcode)
{
    pin_write(PIN_FRAM_CS, false);
    exchange(opcode);
    pin_write(PIN_FRAM_CS, true);
}

/* -1 when the peripheral does not move. */
static int read_status(void)
{
    pin_write(PIN_FRAM_CS, false);
    exchange(RDSR);
    int status = exchange(0);
    pin_write(PIN_FRAM_CS, true);
    return status;
}

static bool latch_is(uint8_t wanted)
{
    int status = read_status();

    return status >= 0 && (status & LATCH) == wanted;
}

/* A protected block swallows a WRITE as if it had been done. Nobody protects blocks but a
 * disturbance, so that is undone. */
static bool may_write(void)
{
    command(WREN);
    int status = read_status();
    if (status >= 0 && status & PROTECTED) {
        pin_write(PIN_FRAM_CS, false);
        exchange(WRSR);
        exchange(0);
        pin_write(PIN_FRAM_CS, true);
        command(WREN);
        status = read_status();
    }
    return status >= 0 && (status & (LATCH | PROTECTED)) == LATCH;
}

static bool answers(void)
{
    command(WREN);
    bool set = latch_is(LATCH);
    command(WRDI);
    return set && latch_is(0);
}

static bool outside(uint32_t address, uint32_t size)
{
    return address > HAL_NVM_SIZE || size > HAL_NVM_SIZE - address;
}

static void select(uint8_t opcode, uint32_t address)
{
    pin_write(PIN_FRAM_CS, false);
    exchange(opcode);
    exchange((uint8_t)(address >> 16));
    exchange((uint8_t)(address >> 8));
    exchange((uint8_t)address);
}

int fram_read(uint32_t address, void *data, uint32_t size)
{
    uint8_t *at = data;
    int got = 0;

    if (outside(address, size) || !answers())
        return -1;
    select(READ, address);
    for (uint32_t k = 0; k < size && got >= 0; k++) {
        got = exchange(0);
        at[k] = (uint8_t)got;
    }
    pin_write(PIN_FRAM_CS, true);
    return got < 0 ? -1 : 0;
}

int fram_write(uint32_t address, const void *data, uint32_t size)
{
    const uint8_t *at = data;
    int got = 0;

    if (outside(address, size))
        return -1;
    if (!may_write())
        return -1;
    select(WRITE, address);
    for (uint32_t k = 0; k < size && got >= 0; k++)
        got = exchange(at[k]);
    pin_write(PIN_FRAM_CS, true);
    return got < 0 || !latch_is(0) ? -1 : 0;
}
