/* The samples that the meter works on, and the traces of a frame. */
#pragma once

#include "gui/frame.h"

/* The newest samples as the ADC gave them, channels Va Vb Vc Ia Ib Ic, oldest first:
 * the samples that the meter works on, so nothing is stored twice. Returns how many per
 * channel: SAMPLES, or 0 without power and during the first blocks after it.
 * Under system type 11 the voltage of A is that of its element, A-B. */
enum { SAMPLES = DEVICE_WAVE };
int samples_read(const struct unit *unit, int32_t x[HAL_CHANNELS][SAMPLES]);

/* The traces of a unit that has power. */
void samples_read_waves(struct frame *f, const struct unit *unit);
