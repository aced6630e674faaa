/* The flash interface (RM0090, 3.9): wait states and option bytes. */
#ifndef HAL_SIM_CHIPS_STM32_FLASH_H
#define HAL_SIM_CHIPS_STM32_FLASH_H

#include <stdbool.h>
#include <stdint.h>

struct soc;

/* Option bytes as this board wants them: those of the factory with BOR level 3 (3.6.2). */
#define STM32_OPTIONS 0x0FFFAAE1u

struct stm32_flash {
    uint32_t options; /* as they are stored; outlive everything */
    uint32_t acr, optcr, cr, sr;
    int option_keys; /* of the sequence, so far */
};

void stm32_flash_reset(struct soc *s, bool power_on);
uint32_t stm32_flash_read(struct soc *s, uint32_t offset);
void stm32_flash_write(struct soc *s, uint32_t offset, uint32_t value);

/* Enough for the core's clock at 3.3 V (table 10)? Otherwise it reads nonsense. */
bool stm32_flash_fast_enough(const struct soc *s);

#endif
