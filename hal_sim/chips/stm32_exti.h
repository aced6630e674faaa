/* External interrupts: EXTI (RM0090, 12.2) and the choice of pins in SYSCFG (9.2). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

struct stm32_exti {
    uint32_t imr, emr, rtsr, ftsr, pr;
    uint32_t exticr[4], memrmp, pmc;
};

uint32_t stm32_exti_read(struct soc *s, uint32_t offset);
void stm32_exti_write(struct soc *s, uint32_t offset, uint32_t value);
uint32_t stm32_syscfg_read(struct soc *s, uint32_t offset);
void stm32_syscfg_write(struct soc *s, uint32_t offset, uint32_t value);

/* A pin has changed its level. */
void stm32_exti_edge(struct soc *s, unsigned pin, bool rising);
