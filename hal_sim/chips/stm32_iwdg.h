/* The independent watchdog (RM0090, 21), on the 32 kHz of LSI (DS8626: 17 to 47). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

struct stm32_iwdg {
    bool running, unlocked;
    uint32_t pr, rlr;
    int64_t ends_ns;
};

void stm32_iwdg_reset(struct soc *s);
uint32_t stm32_iwdg_read(struct soc *s, uint32_t offset);
void stm32_iwdg_write(struct soc *s, uint32_t offset, uint32_t value);
void stm32_iwdg_run(struct soc *s);
