/* The factory's block. See factory_block.h. */
#include "core/factory_block.h"
#include "core/crc.h"
#include "core/model.h"
#include <string.h>

enum { FORMAT = 4, REVISION = 6, SERIAL = 8, MODEL = 12, CRC = 32 };

static const uint8_t magic[FORMAT] = { 'M', 'T', 'F', 'B' };

static void put(uint8_t *at, uint32_t x, int bytes)
{
    for (int k = 0; k < bytes; k++)
        at[k] = (uint8_t)(x >> 8 * k);
}

static uint32_t get(const uint8_t *at, int bytes)
{
    uint32_t x = 0;

    for (int k = 0; k < bytes; k++)
        x |= (uint32_t)at[k] << 8 * k;
    return x;
}

bool factory_block_is_valid(const struct factory_block *block)
{
    return block->revision >= 1 && block->revision <= FACTORY_BLOCK_REVISION &&
           block->serial != 0 && block->serial != FACTORY_BLOCK_NO_SERIAL &&
           block->model[FACTORY_BLOCK_NAME - 1] == '\0' && model_find(block->model);
}

void factory_block_make(const struct factory_block *block,
                        uint8_t bytes[FACTORY_BLOCK_SIZE])
{
    memcpy(bytes, magic, sizeof magic);
    put(bytes + FORMAT, FACTORY_BLOCK_FORMAT, 2);
    put(bytes + REVISION, block->revision, 2);
    put(bytes + SERIAL, block->serial, 4);
    memcpy(bytes + MODEL, block->model, FACTORY_BLOCK_NAME);
    put(bytes + CRC, crc_ieee(bytes, CRC), 4);
}

static bool is_blank(const uint8_t bytes[FACTORY_BLOCK_SIZE])
{
    for (int k = 0; k < FACTORY_BLOCK_SIZE; k++)
        if (bytes[k] != 0xFF)
            return false;
    return true;
}

static enum factory_block_state parse(struct factory_block *block,
                                      const uint8_t bytes[FACTORY_BLOCK_SIZE])
{
    if (is_blank(bytes))
        return FACTORY_BLOCK_BLANK;
    if (memcmp(bytes, magic, sizeof magic) != 0 ||
        get(bytes + CRC, 4) != crc_ieee(bytes, CRC))
        return FACTORY_BLOCK_DAMAGED;
    block->revision = (uint16_t)get(bytes + REVISION, 2);
    block->serial = get(bytes + SERIAL, 4);
    memcpy(block->model, bytes + MODEL, FACTORY_BLOCK_NAME);
    return get(bytes + FORMAT, 2) == FACTORY_BLOCK_FORMAT &&
                   factory_block_is_valid(block)
               ? FACTORY_BLOCK_WHOLE
               : FACTORY_BLOCK_FOREIGN;
}

enum factory_block_state factory_block_read(struct factory_block *block,
                                            const uint8_t bytes[FACTORY_BLOCK_SIZE])
{
    const enum factory_block_state state = parse(block, bytes);

    if (state != FACTORY_BLOCK_WHOLE)
        *block = (struct factory_block){ .serial = FACTORY_BLOCK_NO_SERIAL };
    return state;
}
