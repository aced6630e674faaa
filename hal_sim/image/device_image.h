/* The flashed image as a device: its ELF on a processor and the models of the board's
 * chips. Nothing in it is made for this: samples come through the ADC's frames, FRAM,
 * glass and line hear the drivers. Only what a script asks without taking time is done
 * as a debugger does it: PDUs by a call of meter_request, readings from RAM. */
#ifndef HAL_SIM_IMAGE_DEVICE_IMAGE_H
#define HAL_SIM_IMAGE_DEVICE_IMAGE_H

#include "hal_sim/device.h"
#include "hal_sim/image/cpu_time.h"

struct device_image; /* what all units with the same image share */
struct processor_module;

/* An ELF of `size` bytes (copied) on this processor; NULL with *reason set when it
 * cannot be used. */
struct device_image *device_image_open(const uint8_t *elf, size_t size,
                                       const struct processor_module *module,
                                       const char **reason);
/* Instructions take time, in devices that are made from now on. */
void device_image_set_cycles(struct device_image *image, struct cpu_cycles cycles);

void device_image_close(struct device_image *image);

/* A switch of the meter that no register has, in a device with power. */
void device_image_option(struct device *d, enum unit_option which, uint16_t value);

/* To be given as unit_options.maker; valid as long as the image is. */
const struct device_maker *device_image_maker(const struct device_image *image);

#endif
