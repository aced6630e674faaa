/* The registers of the STM32F405 on the host: a store by address, a clock that moves
 * with each access, and hooks by which a fake part reacts to accesses as the real one
 * would. A test includes it once and gives the hooks. */
#ifndef TESTS_MMIO_FAKE_H
#define TESTS_MMIO_FAKE_H

#include "hal_target/stm32f405/clocks.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/pins.h"
#include "hal_target/stm32f405/registers.h"
#include <assert.h>
#include <stdbool.h>
#include <string.h>

enum { FAKE_WORDS = 4096, FAKE_BUFFERS = 8, FAKE_BUFFER_BASE = 0x20001000 };

struct mmio_fake {
    struct {
        uint32_t address, value;
    } word[FAKE_WORDS];
    uint32_t words;
    uint64_t clocks; /* core clocks since the start */
    uint32_t step;   /* clocks that an access takes */
    const void *buffer[FAKE_BUFFERS];
    uint32_t buffers;
};

static struct mmio_fake mmio;

/* A test's parts: true when they have dealt with the access. */
static bool fake_read(uint32_t address, uint32_t *value);
static bool fake_write(uint32_t address, uint32_t value);

static void mmio_reset(void)
{
    memset(&mmio, 0, sizeof mmio);
    mmio.step = 8;
}

static uint32_t *mmio_word(uint32_t address)
{
    for (uint32_t k = 0; k < mmio.words; k++)
        if (mmio.word[k].address == address)
            return &mmio.word[k].value;
    assert(mmio.words < FAKE_WORDS);
    mmio.word[mmio.words].address = address;
    mmio.word[mmio.words].value = 0;
    return &mmio.word[mmio.words++].value;
}

/* SysTick runs, and interrupts, whatever else is done. */
static void mmio_advance(uint64_t clocks)
{
    uint64_t before = mmio.clocks / CLOCKS_TICK;

    mmio.clocks += clocks;
    for (uint64_t k = before; k < mmio.clocks / CLOCKS_TICK; k++)
        clocks_tick();
}

static inline void mmio_advance_us(uint64_t us)
{
    mmio_advance(us * CLOCKS_TICK / CLOCKS_TICK_US);
}

uint32_t mmio_read(uint32_t address)
{
    uint32_t value;

    mmio_advance(mmio.step);
    if (address == SYSTICK_CVR)
        return CLOCKS_TICK - 1 - (uint32_t)(mmio.clocks % CLOCKS_TICK);
    return fake_read(address, &value) ? value : *mmio_word(address);
}

/* BSRR sets and resets bits of what is kept as ODR; pins that no part drives read back
 * what is put into IDR. */
static void write_pins(uint32_t port, uint32_t value)
{
    uint32_t *odr = mmio_word(port + 0x14);

    *odr = (*odr & ~(value >> 16)) | (value & 0xFFFF);
}

void mmio_write(uint32_t address, uint32_t value)
{
    mmio_advance(mmio.step);
    if ((address & 0x3FF) == GPIO_BSRR && address >= GPIOA && address < GPIOC + 0x400)
        write_pins(address - GPIO_BSRR, value);
    if (!fake_write(address, value))
        *mmio_word(address) = value;
}

uint32_t mmio_address(const void *buffer)
{
    assert(mmio.buffers < FAKE_BUFFERS);
    mmio.buffer[mmio.buffers] = buffer;
    return FAKE_BUFFER_BASE + 0x1000 * mmio.buffers++;
}

/* What a DMA stream was given. */
static inline uint8_t *mmio_buffer(uint32_t address)
{
    uint32_t index = (address - FAKE_BUFFER_BASE) / 0x1000;

    assert(index < mmio.buffers);
    return (uint8_t *)(uintptr_t)mmio.buffer[index];
}

static inline bool mmio_pin(uint32_t port, unsigned pin)
{
    return *mmio_word(port + 0x14) >> pin & 1;
}

static inline void mmio_input(uint32_t port, unsigned pin, bool high)
{
    uint32_t *idr = mmio_word(port + GPIO_IDR);

    *idr = (*idr & ~(1u << pin)) | (uint32_t)high << pin;
}

#endif
