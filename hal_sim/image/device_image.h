/* The flashed image as a device: its ELF on a processor and the models of the board's
 * chips. Nothing in it is made for this: samples come through the ADC's frames, FRAM,
 * glass and line hear the drivers. Only what a script asks without taking time is done
 * as a debugger does it: PDUs by a call of meter_request, readings from RAM. */
#pragma once

#include "hal_sim/device.h"

/* device_maker.make of an image (image_open.h). */
struct device *image_device_make(const struct device_maker *maker, struct hal *board,
                                 const struct model *model);

/* A switch of the meter that no register has, in a device with power. */
void device_image_option(struct device *d, enum unit_option which, uint16_t value);
