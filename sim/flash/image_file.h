/* The file of an update (meter.update): images of a meter behind each other, one for each
 * slot; an image names its address, length, board and models at a fixed place
 * (hal_target/stm32f405/identity.h), and a CRC-32 follows its last byte. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { IMAGE_FILE_MOST = 4, IMAGE_FILE_BOARD = 20, IMAGE_FILE_MODELS = 40 };

struct image_file_part {
    const uint8_t *bytes;
    uint32_t size; /* with the CRC */
    uint32_t crc, version, address;
    char board[IMAGE_FILE_BOARD + 1], models[IMAGE_FILE_MODELS + 1];
};

struct image_file {
    struct image_file_part part[IMAGE_FILE_MOST];
    int count;
};

/* bytes stay the caller's. False: it is none, or damaged. */
bool image_file_parse(struct image_file *f, const uint8_t *bytes, size_t size,
                      GError **error);

/* The image that runs at this address; NULL: none. */
const struct image_file_part *image_file_at(const struct image_file *f,
                                            uint32_t address);

/* Is one of them this one, by its CRC? */
bool image_file_has(const struct image_file *f, uint32_t crc);
