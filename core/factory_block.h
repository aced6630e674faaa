/* The block that a board gets at manufacture: who it is. Its layout stands here alone:
 * whoever makes one (a model of the board, a tool) and the meter that reads its own go by
 * it. Little-endian, 36 bytes:
 *
 *   0 magic "MTFB", 4 format version (2 bytes), 6 revision of the board (2),
 *   8 serial number (4), 12 name of the model (20, padded with zeros),
 *   32 CRC-32 of all before it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    FACTORY_BLOCK_SIZE = 36,
    FACTORY_BLOCK_FORMAT = 1,
    FACTORY_BLOCK_NAME = 20,
    FACTORY_BLOCK_REVISION = 1 /* boards that this firmware runs on: up to this one */
};

/* A serial number that there is not: an erased word, and what a meter without one has. */
#define FACTORY_BLOCK_NO_SERIAL UINT32_MAX

enum factory_block_state {
    FACTORY_BLOCK_WHOLE,
    FACTORY_BLOCK_BLANK,   /* erased: never written */
    FACTORY_BLOCK_DAMAGED, /* magic or CRC are wrong */
    FACTORY_BLOCK_FOREIGN  /* of a format, board, model or serial number unknown here */
};

struct factory_block {
    uint16_t revision;
    uint32_t serial;
    char model[FACTORY_BLOCK_NAME]; /* ends with a zero */
};

/* Does one with this content exist? */
bool factory_block_is_valid(const struct factory_block *block);

/* The bytes of a valid block. */
void factory_block_make(const struct factory_block *block,
                        uint8_t bytes[FACTORY_BLOCK_SIZE]);

/* Unless it is whole, *block is a board of revision 0, without a serial number and
 * model. */
enum factory_block_state factory_block_read(struct factory_block *block,
                                            const uint8_t bytes[FACTORY_BLOCK_SIZE]);
