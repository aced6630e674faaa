/* The places of the meter's image. See slot.h. */
#include "hal_target/stm32f405/slot.h"
#include "core/crc.h"
#include "hal_target/stm32f405/flash.h"
#include <string.h>

enum { PIECE = 256 };

uint32_t slot_crc(enum slot slot, uint32_t offset, uint32_t size)
{
    const uint32_t from = slot_address(slot) + offset;
    uint8_t bytes[PIECE];
    uint32_t crc = 0;

    for (uint32_t at = 0; at < size; at += PIECE) {
        const uint32_t count = size - at < PIECE ? size - at : PIECE;
        flash_read(from + at, bytes, count);
        crc = crc_ieee_more(crc, bytes, count);
    }
    return crc;
}

static bool fits(const struct identity *who, enum slot slot)
{
    return memcmp(who->magic, IDENTITY_METER, sizeof who->magic) == 0 &&
           memcmp(who->board, IDENTITY_BOARD, sizeof IDENTITY_BOARD) == 0 &&
           who->address == slot_address(slot) &&
           who->length >= IDENTITY_OFFSET + sizeof *who && who->length % 4 == 0 &&
           who->length <= SLOT_SIZE - SLOT_SEAL;
}

enum slot slot_at(uint32_t address)
{
    for (enum slot slot = SLOT_A; slot < SLOTS; slot++)
        if (address == slot_address(slot))
            return slot;
    return SLOT_NONE;
}

bool slot_identify(enum slot slot, struct identity *who, uint32_t *crc)
{
    flash_read(slot_address(slot) + IDENTITY_OFFSET, who, sizeof *who);
    if (!fits(who, slot))
        return false;
    flash_read(slot_address(slot) + who->length, crc, sizeof *crc);
    return true;
}

bool slot_is_whole(enum slot slot, struct identity *who, uint32_t *crc)
{
    return slot_identify(slot, who, crc) && slot_crc(slot, 0, who->length) == *crc;
}
