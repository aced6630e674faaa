/* The flash's controller (RM0090, 3.6, 3.9). See flash.h. */
#include "hal_target/stm32f405/flash.h"
#include "hal_target/stm32f405/mmio.h"
#include "hal_target/stm32f405/registers.h"
#include <string.h>

enum { TRIES = 0x7FFFFFFF };

static void unlock(void)
{
    if (!(mmio_read(FLASH_CR) & FLASH_CR_LOCK))
        return;
    mmio_write(FLASH_KEYR, FLASH_KEY_1);
    mmio_write(FLASH_KEYR, FLASH_KEY_2);
}

/* Errors of before are cleared by writing ones. */
static void begin(uint32_t control)
{
    unlock();
    mmio_wait(FLASH_SR, FLASH_SR_BSY, 0, TRIES);
    mmio_write(FLASH_SR, FLASH_SR_ERRORS);
    mmio_write(FLASH_CR, control | FLASH_CR_BY_WORD);
}

static int end(void)
{
    mmio_wait(FLASH_SR, FLASH_SR_BSY, 0, TRIES);
    const int result = mmio_read(FLASH_SR) & FLASH_SR_ERRORS ? -1 : 0;
    mmio_write(FLASH_CR, FLASH_CR_LOCK);
    return result;
}

/* The caches hold what stood there (3.5.2); they are reset while they are off. */
static void forget_cache(void)
{
    const uint32_t acr = mmio_read(FLASH_ACR);

    mmio_write(FLASH_ACR, acr & ~(uint32_t)FLASH_ACR_CACHES);
    mmio_write(FLASH_ACR, (acr & ~(uint32_t)FLASH_ACR_CACHES) | FLASH_ACR_RESET_CACHES);
    mmio_write(FLASH_ACR, acr);
}

void flash_read(uint32_t address, void *data, uint32_t size)
{
    uint8_t *at = data;

    for (uint32_t k = 0; k < size; k += 4) {
        const uint32_t word = mmio_read(address + k);
        memcpy(at + k, &word, sizeof word);
    }
}

/* Alone with the flash: a word at a time, so that interrupts come in between. */
static int program_word(uint32_t address, uint32_t word)
{
    if (mmio_read(address) == word)
        return 0;
    begin(FLASH_CR_PG);
    mmio_write(address, word);
    return end();
}

int flash_program(uint32_t address, const void *data, uint32_t size)
{
    const uint8_t *at = data;
    uint32_t word;
    int result = 0;

    for (uint32_t k = 0; k < size && !result; k += 4) {
        memcpy(&word, at + k, sizeof word);
        result = program_word(address + k, word);
    }
    forget_cache();
    for (uint32_t k = 0; k < size && !result; k += 4) {
        memcpy(&word, at + k, sizeof word);
        result = mmio_read(address + k) == word ? 0 : -1;
    }
    return result;
}

int flash_erase(enum flash_sector sector)
{
    const uint32_t control = FLASH_CR_SER | (uint32_t)sector << FLASH_CR_SNB_SHIFT;

    begin(control);
    mmio_write(FLASH_CR, control | FLASH_CR_BY_WORD | FLASH_CR_STRT);
    const int result = end();
    forget_cache();
    return result;
}
