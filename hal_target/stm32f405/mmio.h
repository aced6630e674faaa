/* The only way to a register. On the meter these are an instruction each; tests on the
 * host link models of the peripherals and of the parts behind them in their place, so
 * that drivers are tested access by access. */
#pragma once

#include <stdint.h>

#ifdef __arm__
static inline uint32_t mmio_read(uint32_t address)
{
    return *(volatile const uint32_t *)(uintptr_t)address;
}

static inline void mmio_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)address = value;
}

/* What a DMA stream is given for a buffer: its address, as the bus sees it. The barrier:
 * what was stored before is in memory when the stream is started. */
static inline uint32_t mmio_address(const void *buffer)
{
    __asm__ volatile("dsb" ::: "memory");
    return (uint32_t)(uintptr_t)buffer;
}
#else
uint32_t mmio_read(uint32_t address);
void mmio_write(uint32_t address, uint32_t value);
uint32_t mmio_address(const void *buffer);
#endif

static inline void mmio_set(uint32_t address, uint32_t bits)
{
    mmio_write(address, mmio_read(address) | bits);
}

static inline void mmio_clear(uint32_t address, uint32_t bits)
{
    mmio_write(address, mmio_read(address) & ~bits);
}

/* Waits until (register & mask) == value, for at most `tries` reads: a part that is not
 * there must not stop the meter. 0, or -1 when the tries are used up. */
static inline int mmio_wait(uint32_t address, uint32_t mask, uint32_t value,
                            uint32_t tries)
{
    while (tries-- > 0)
        if ((mmio_read(address) & mask) == value)
            return 0;
    return -1;
}
