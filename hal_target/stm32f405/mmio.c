/* Registers where they are. See mmio.h. */
#include "hal_target/stm32f405/mmio.h"

uint32_t mmio_read(uint32_t address)
{
    return *(volatile const uint32_t *)(uintptr_t)address;
}

void mmio_write(uint32_t address, uint32_t value)
{
    *(volatile uint32_t *)(uintptr_t)address = value;
}

/* The barrier: what was stored before is in memory when the stream is started. */
uint32_t mmio_address(const void *buffer)
{
    __asm__ volatile("dsb" ::: "memory");
    return (uint32_t)(uintptr_t)buffer;
}
