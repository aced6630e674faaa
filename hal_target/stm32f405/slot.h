/* The two places of the meter's image: a sector of 128 KB each. An image is linked for
 * one of them, and carries its length, its board, and a CRC-32 behind its last byte. */
#pragma once

#include "hal_target/stm32f405/identity.h"
#include <stdbool.h>

enum slot { SLOT_A, SLOT_B, SLOTS, SLOT_NONE = 0xFF };

enum { SLOT_SIZE = 128 << 10, SLOT_SEAL = 4 };
#define SLOT_ADDRESS 0x08020000u

static inline uint32_t slot_address(enum slot slot)
{
    return SLOT_ADDRESS + (uint32_t)slot * SLOT_SIZE;
}

static inline enum slot slot_other(enum slot slot)
{
    return slot == SLOT_A ? SLOT_B : SLOT_A;
}

/* The CRC-32 of `size` bytes of it from `offset` on; both are multiples of four. */
uint32_t slot_crc(enum slot slot, uint32_t offset, uint32_t size);

/* The slot at an address, or SLOT_NONE. */
enum slot slot_at(uint32_t address);

/* What stands at the place of its identification, and its CRC; false: it is none. */
bool slot_identify(enum slot slot, struct identity *who, uint32_t *crc);

/* Is an image there, for this board and this place, of which every bit is as it was
 * made? Its CRC to *crc, its identification to *who. */
bool slot_is_whole(enum slot slot, struct identity *who, uint32_t *crc);
