/* TIM1 channel 1 as a clock (RM0090, 17.3.10): what comes out at PA8. */
#pragma once

#include "hal_sim/chips/part.h"

struct soc;

struct stm32_tim1 {
    uint32_t cr1, cr2, ccmr1, ccer, psc, arr, rcr, ccr1, bdtr, other[20];
    uint32_t psc_now, arr_now, ccr1_now; /* those that an update has put in force */
    struct chip_rate out;                /* as the outside was told */
};

void stm32_tim1_reset(struct soc *s);
uint32_t stm32_tim1_read(struct soc *s, uint32_t offset);
void stm32_tim1_write(struct soc *s, uint32_t offset, uint32_t value);
/* The shorter of high and low of what comes out, in ns rounded up. */
int64_t stm32_tim1_pulse_ns(const struct soc *s);
/* The outside knows the clock that comes out. */
bool stm32_tim1_is_sound(const struct soc *s);
/* Its clock or its pin may have changed. */
void stm32_tim1_update(struct soc *s);
