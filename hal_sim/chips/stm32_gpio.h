/* GPIO ports A to D (RM0090, 8): a pin does what its mode says. */
#pragma once

#include "hal_sim/chips/part.h"

struct soc;

enum { STM32_PORTS = 4 };

struct stm32_gpio {
    struct stm32_port {
        uint32_t moder, otyper, ospeedr, pupdr, odr, afr[2];
        uint16_t levels; /* as they read, and as EXTI saw them last */
    } port[STM32_PORTS];
    uint8_t outside[STM32_PORTS * 16]; /* enum pin_level */
    uint8_t driven[STM32_PORTS * 16];  /* enum pin_level: what the chip does */
};

void stm32_gpio_reset(struct soc *s);
uint32_t stm32_gpio_read(struct soc *s, unsigned port, uint32_t offset);
void stm32_gpio_write(struct soc *s, unsigned port, uint32_t offset, uint32_t value);
void stm32_gpio_drive(struct soc *s, unsigned pin, enum pin_level level);
bool stm32_gpio_level(const struct soc *s, unsigned pin);

/* The pin is set to be fast enough for so many Hz. */
bool stm32_gpio_follows(const struct soc *s, unsigned pin, uint32_t hz);

/* The pin is lent to alternate function `af` (DS8626, table 9). */
bool stm32_gpio_has_function(const struct soc *s, unsigned pin, unsigned af);
