/* Clocks and resets: RCC (RM0090, 7), PWR's one bit (5.4.1). The crystal's fate comes
 * from outside. */
#pragma once

#include "hal_sim/chips/part.h"

struct soc;

/* Hz of the crystal and of the internal oscillators; DS8626, tables 41 and 42. */
enum { STM32_HSE_HZ = 14745600, STM32_HSI_HZ = 16000000, STM32_LSI_HZ = 32000 };

struct stm32_crystal {
    bool stopped;       /* it does not swing, or ceases to */
    int64_t startup_ns; /* from HSEON to HSERDY */
    int64_t error_ppb;
};

struct stm32_rcc {
    uint32_t cr, pllcfgr, cfgr, cir;
    uint32_t ahb1enr, apb1enr, apb2enr, bdcr, csr;
    uint32_t pwr_cr;
    int64_t hse_on_ns, pll_on_ns, lse_on_ns; /* ready then; INT64_MAX: not under way */
    struct stm32_crystal crystal;            /* as it is */
    struct chip_rate core, apb1, apb2, timer2; /* timer2: of TIM1 */
    bool beyond; /* a clock is faster than the chip bears */
};

/* Without power; clocks are those of a reset. */
void stm32_rcc_start(struct soc *s);
/* Its clocks are what the registers make of the crystal. */
bool stm32_rcc_is_sound(const struct soc *s);
void stm32_rcc_reset(struct soc *s, bool power_on);
/* RCC_CSR says why (7.3.21). */
void stm32_rcc_reset_cause(struct soc *s, bool watchdog);
uint32_t stm32_rcc_read(struct soc *s, uint32_t offset);
void stm32_rcc_write(struct soc *s, uint32_t offset, uint32_t value);
uint32_t stm32_pwr_read(struct soc *s, uint32_t offset);
void stm32_pwr_write(struct soc *s, uint32_t offset, uint32_t value);
void stm32_rcc_run(struct soc *s);

/* The crystal is so from now on: CSS raises an NMI when it stops (7.2.7). */
void stm32_crystal_set(struct soc *s, const struct stm32_crystal *crystal);
