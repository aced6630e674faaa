/* The flashed image that units share: an ELF and the processor that runs it. */
#pragma once

#include "hal_sim/device.h"
#include "hal_sim/image/cpu_time.h"

struct device_image;
struct processor_module;

/* An ELF of `size` bytes (copied) on this processor; NULL with *reason set when it
 * cannot be used. */
struct device_image *device_image_open(const uint8_t *elf, size_t size,
                                       const struct processor_module *module,
                                       const char **reason);
/* Instructions take time, in devices that are made from now on. */
void device_image_set_cycles(struct device_image *image, struct cpu_cycles cycles);

/* To be given as unit_options.maker; valid as long as the image is. */
const struct device_maker *device_image_maker(const struct device_image *image);
