/* Two meters at the end of the same second: what each has published, register by register,
 * and its energies down to the part of a mWh. */
#pragma once

#include "core/model.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

enum { IMAGE_BLOCKS = 40 };

/* The registers that a model has, in blocks of one request. */
struct image_map {
    const struct model *model; /* NULL: not found yet */
    int blocks;
    uint16_t first[IMAGE_BLOCKS], count[IMAGE_BLOCKS];
};

/* `image` is a device of device_image.h, `core` one of device_core.h. False: *text says
 * what differs. *words grows by those that are the same. */
bool image_same(struct image_map *map, struct device *image, struct device *core,
                int64_t *words, char *text, size_t room);
