/* A fake FRAM behind SPI2: opcodes, addresses of 18 bits, the write enable latch, and
 * every way in which a part can be absent. To be included after mmio_fake.h. */
#ifndef TESTS_FRAM_FAKE_H
#define TESTS_FRAM_FAKE_H

#include "core/hal.h"

static struct part {
    uint8_t memory[HAL_NVM_SIZE];
    bool absent, low, stuck; /* MISO pulled up, or low; the peripheral never ends */
    bool protects;           /* takes WREN, does not write */
    bool selected, latch, wrote;
    uint32_t count, at; /* bytes since selected; address */
    uint8_t opcode, out;
    uint32_t selections;
} part;

static uint8_t part_exchange(uint8_t in)
{
    uint32_t n = part.count++;

    if (n == 0) {
        part.opcode = in;
        part.at = 0;
        if (in == 0x06)
            part.latch = true;
        if (in == 0x04)
            part.latch = false;
        return 0xFF;
    }
    if (part.opcode == 0x05)
        return (uint8_t)(0x40 | (part.latch ? 0x02 : 0));
    if (part.opcode != 0x02 && part.opcode != 0x03)
        return 0xFF;
    if (n <= 3) {
        part.at = (part.at << 8 | in) & 0x3FFFF;
        return 0xFF;
    }
    uint32_t at = part.at++ % HAL_NVM_SIZE;
    if (part.opcode == 0x03)
        return part.memory[at];
    if (part.latch && !part.protects) {
        part.memory[at] = in;
        part.wrote = true;
    }
    return 0xFF;
}

static void part_select(bool selected)
{
    if (selected && !part.selected) {
        part.count = 0;
        part.selections++;
    }
    if (!selected && part.selected && part.wrote)
        part.latch = part.wrote = false;
    part.selected = selected;
}

static bool part_read(uint32_t address, uint32_t *value)
{
    if (address == SPI2 + SPI_SR)
        *value = part.stuck ? 0 : SPI_SR_RXNE | SPI_SR_TXE;
    else if (address == SPI2 + SPI_DR)
        *value = part.absent ? (part.low ? 0 : 0xFF) : part.out;
    else
        return false;
    return true;
}

static bool part_write(uint32_t address, uint32_t value)
{
    if (address == GPIOB + GPIO_BSRR)
        part_select(!mmio_pin(GPIOB, 12));
    if (address == SPI2 + SPI_DR && part.selected)
        part.out = part_exchange((uint8_t)value);
    return false;
}

#endif
