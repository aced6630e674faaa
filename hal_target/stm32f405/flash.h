/* The flash of the processor (RM0090, 3): one bank, so whoever executes from it stands
 * still while it is erased (a sector of 128 KB: 1 to 2 s) or programmed (a word: 16 to
 * 100 µs; DS8626, 5.3.12). Interrupts are late by that. Bits can only be cleared; power
 * that goes in the middle leaves any of them. */
#pragma once

#include <stdint.h>

/* Where the sectors are (RM0090, table 5). */
enum flash_sector {
    FLASH_SECTOR_RESET_SYSTEM = 0,
    FLASH_SECTOR_RECORDS_0 = 1, /* update_record.h */
    FLASH_SECTOR_RECORDS_1 = 2,
    FLASH_SECTOR_SLOT_0 = 5, /* the image, slot.h */
    FLASH_SECTOR_SLOT_1 = 6,
    FLASH_SECTOR_FACTORY = 11 /* factory.h */
};

/* Bytes by words. `size` and `address` are multiples of four. */
void flash_read(uint32_t address, void *data, uint32_t size);

/* Bits of `data` that are 0 become 0; what stands there then is compared with `data`.
 * -1: it differs, or the flash is protected. Words that are as wanted are left alone. */
int flash_program(uint32_t address, const void *data, uint32_t size);

/* All bits of the sector become 1; -1: it is protected. The watchdog must bear 2 s. */
int flash_erase(enum flash_sector sector);
