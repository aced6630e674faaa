/* The file of an update. See image_file.h. */
#include "sim/flash/image_file.h"
#include "core/crc.h"
#include "sim/program/error.h"
#include <string.h>

enum {
    IDENTITY = 0x200,
    VERSION = IDENTITY + 8,
    BOARD = IDENTITY + 12,
    ADDRESS = IDENTITY + 64,
    LENGTH = IDENTITY + 68,
    MODELS = IDENTITY + 72,
    SMALLEST = IDENTITY + 124,
    SEAL = 4
};

static uint32_t word(const uint8_t *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

static bool parse_part(struct image_file_part *p, const uint8_t *bytes, size_t left,
                       GError **error)
{
    if (left < SMALLEST + SEAL || memcmp(bytes + IDENTITY, "METERFW", 8) != 0)
        return error_set(error, "it is no image of a meter; an update needs the file "
                                "meter.update of the build's folder firmware");
    const uint32_t length = word(bytes + LENGTH);
    if (length % 4 || length < SMALLEST || length > left - SEAL)
        return error_set(error, "the file is cut off");
    *p = (struct image_file_part){ .bytes = bytes,
                                   .size = length + SEAL,
                                   .crc = word(bytes + length),
                                   .version = word(bytes + VERSION),
                                   .address = word(bytes + ADDRESS) };
    memcpy(p->board, bytes + BOARD, IMAGE_FILE_BOARD);
    memcpy(p->models, bytes + MODELS, IMAGE_FILE_MODELS);
    return crc_ieee(bytes, length) == p->crc || error_set(error, "the file is damaged");
}

bool image_file_parse(struct image_file *f, const uint8_t *bytes, size_t size,
                      GError **error)
{
    f->count = 0;
    for (size_t at = 0; at < size || f->count == 0; f->count++) {
        if (f->count == IMAGE_FILE_MOST)
            return error_set(error, "it holds too many images");
        if (!parse_part(&f->part[f->count], bytes + at, size - at, error))
            return false;
        at += f->part[f->count].size;
    }
    return true;
}

const struct image_file_part *image_file_at(const struct image_file *f,
                                            uint32_t address)
{
    for (int k = 0; k < f->count; k++)
        if (f->part[k].address == address)
            return &f->part[k];
    return NULL;
}

bool image_file_has(const struct image_file *f, uint32_t crc)
{
    for (int k = 0; k < f->count; k++)
        if (f->part[k].crc == crc)
            return true;
    return false;
}
