/* The flash and its controller (RM0090, 3): wait states, option bytes, sectors that are
 * erased and words that are programmed. The bytes are the memory at 0x08000000 of
 * soc.wires. An operation takes the time of the datasheet (DS8626, 5.3.12), during which
 * whoever executes from flash stands still (3.5.2); power or a reset that comes in
 * between leaves some of its bits as they were, and others not. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct soc;

/* Option bytes as this board wants them: those of the factory with BOR level 3 (3.6.2). */
#define STM32_OPTIONS 0x0FFFAAE1u

enum { STM32_FLASH = 0x08000000, STM32_FLASH_SIZE = 1 << 20, STM32_SECTORS = 12 };

enum stm32_flash_operation { FLASH_RESTS, FLASH_PROGRAMS, FLASH_ERASES };

struct stm32_flash {
    uint32_t options; /* as they are stored; outlive everything */
    uint32_t acr, optcr, cr, sr;
    int option_keys; /* of the sequence, so far */
    int keys;        /* … of CR's; −1: a wrong one locks it until a reset (3.6.1) */
    uint8_t operation;             /* enum stm32_flash_operation */
    uint32_t address, size, value; /* of what is erased or programmed */
    int64_t began_ns, ends_ns;
    uint64_t noise;
    bool changed; /* since whoever executes has last been told */
    uint32_t erasures, words;
};

void stm32_flash_reset(struct soc *s, bool power_on);
uint32_t stm32_flash_read(struct soc *s, uint32_t offset);
void stm32_flash_write(struct soc *s, uint32_t offset, uint32_t value);

/* A store to the memory itself. */
void stm32_flash_store(struct soc *s, uint32_t address, uint32_t value, unsigned size);

/* The operation that is under way ends. */
void stm32_flash_run(struct soc *s);

/* Power or a reset comes in the middle of it, if one is under way. */
void stm32_flash_cut(struct soc *s);

/* First byte and size of a sector (table 5), from the start of flash. */
uint32_t stm32_sector(unsigned sector, uint32_t *size);

/* Enough for the core's clock at 3.3 V (table 10)? Otherwise it reads nonsense. */
bool stm32_flash_fast_enough(const struct soc *s);
