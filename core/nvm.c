/* Nonvolatile records in two slots each. See nvm.h. */
#include "core/nvm.h"
#include "core/crc.h"
#include <string.h>

enum { HEADER = 8, TRAILER = 4, SLOT_MOST = 1024 };

static const struct {
    uint32_t address; /* of slot 0; slot 1 follows */
    uint32_t slot;    /* bytes */
} places[NVM_RECORDS] = {
    [NVM_SETTINGS] = { 0x0000, 256 }, [NVM_CALIBRATION] = { 0x0200, 128 },
    [NVM_COUNTERS] = { 0x0300, 64 },  [NVM_ENERGY] = { 0x0400, SLOT_MOST },
    [NVM_LOG] = { 0x0C00, 64 }, /* entries of the logs: from 0x2000 on, see log.h */
};

static void put32(uint8_t *at, uint32_t x)
{
    for (int k = 0; k < 4; k++)
        at[k] = (uint8_t)(x >> (8 * k));
}

static uint32_t get32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Reads a slot whole into image; its sequence, or 0 when it does not hold `record`. */
static uint32_t read_slot(struct hal *h, enum nvm_record record, int slot,
                          uint32_t size, uint8_t *image)
{
    uint32_t total = HEADER + size + TRAILER;
    uint32_t address = places[record].address + (uint32_t)slot * places[record].slot;

    if (hal_nvm_read(h, address, image, total))
        return 0;
    if (get32(image + 4) != ((uint32_t)record | size << 16))
        return 0;
    if (get32(image + HEADER + size) != crc_ieee(image, HEADER + size))
        return 0;
    return get32(image);
}

static int slot_of(uint32_t sequence)
{
    return sequence & 1;
}

bool nvm_load(struct nvm *n, struct hal *h, enum nvm_record record, void *data,
              uint32_t size)
{
    uint8_t image[SLOT_MOST];
    uint32_t newest = 0;

    for (int slot = 0; slot < 2; slot++) {
        uint32_t sequence = read_slot(h, record, slot, size, image);
        if (sequence && slot_of(sequence) == slot && sequence > newest) {
            newest = sequence;
            memcpy(data, image + HEADER, size);
        }
    }
    n->sequence[record] = newest;
    return newest != 0;
}

int nvm_save(struct nvm *n, struct hal *h, enum nvm_record record, const void *data,
             uint32_t size)
{
    uint8_t image[SLOT_MOST];
    uint32_t sequence = n->sequence[record] + 1;
    uint32_t address =
        places[record].address + (uint32_t)slot_of(sequence) * places[record].slot;

    put32(image, sequence);
    put32(image + 4, (uint32_t)record | size << 16);
    memcpy(image + HEADER, data, size);
    put32(image + HEADER + size, crc_ieee(image, HEADER + size));
    if (hal_nvm_write(h, address, image, HEADER + size + TRAILER))
        return -1;
    n->sequence[record] = sequence;
    return 0;
}
