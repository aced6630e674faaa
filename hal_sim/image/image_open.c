/* An ELF becomes the image that units share. See image_open.h. */
#include "hal_sim/image/image_open.h"
#include "core/crc.h"
#include "hal_sim/image/device_image.h"
#include "hal_sim/image/elf_image.h"
#include "hal_sim/image/image_state.h"
#include <stdlib.h>
#include <string.h>

static const char *open_elf(struct device_image *image, const uint8_t *elf, size_t size)
{
    struct elf_image e;
    enum elf_image_result result = elf_image_open(&e, elf, size);

    if (result == ELF_IMAGE_OK)
        result = elf_image_load(&e, image->flash, MACHINE_FLASH, IMAGE_FACTORY);
    if (result != ELF_IMAGE_OK)
        return elf_image_reason(result);
    const uint8_t *who = image->flash + IMAGE_SLOTS + IMAGE_IDENTITY;
    if (memcmp(who, "METERFW", 8) != 0 ||
        memcmp(image->flash + IMAGE_IDENTITY, "METERRS", 8) != 0)
        return "it is not a meter's image with its reset system, such as "
               "build/firmware/meter.elf";
    if (image_word(who + IMAGE_IDENTITY_METER_SIZE) != IMAGE_METER)
        return "it was made from other sources than this program: build it anew "
               "(cmake --build build --target firmware)";
    image->crc = crc_ieee(image->flash, IMAGE_FACTORY);
    return NULL;
}

struct device_image *device_image_open(const uint8_t *elf, size_t size,
                                       const struct processor_module *module,
                                       const char **reason)
{
    struct device_image *image = calloc(1, sizeof *image);

    if (!image || !(image->flash = malloc(MACHINE_FLASH_SIZE)))
        abort();
    memset(image->flash, 0xFF, MACHINE_FLASH_SIZE);
    image->maker.make = image_device_make;
    image->module = module;
    *reason = open_elf(image, elf, size);
    if (!*reason)
        return image;
    free(image->flash);
    free(image);
    return NULL;
}

void device_image_set_cycles(struct device_image *image, struct cpu_cycles cycles)
{
    image->cycles = cycles;
}

const struct device_maker *device_image_maker(const struct device_image *image)
{
    return &image->maker;
}
