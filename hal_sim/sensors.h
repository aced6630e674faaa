/* Sensors and front end: amperes and volts of the conductors into 24-bit ADC codes.
 *
 * Per current channel: CT (ratio, output), input divider chosen by the firmware, clipping
 * at +20 % over-range; per voltage channel: PT, the star point of the meter's own inputs
 * where no neutral is connected, clipping. Then offset, noise and rounding of the ADC. */
#ifndef HAL_SIM_SENSORS_H
#define HAL_SIM_SENSORS_H

#include "core/hal.h"
#include "hal_sim/fault.h"
#include "waveform/waveform.h"

/* What is screwed to the meter, apart from how it is configured. */
struct sensors {
    double ct_primary_a; /* rated current of the CTs */
    double ct_output_v;  /* their output at rated current: 1 or 1/3 */
    double pt_ratio;     /* line volts per input volt */
    enum waveform_wiring wiring;
    uint64_t noise_state;
    /* codes per V and per A with the faults in force; made by sensors_prepare */
    double gain[HAL_CHANNELS], offset[HAL_CHANNELS], noise_codes;
};

/* To be called after every change of sensors, faults or input range. */
void sensors_prepare(struct sensors *s, const struct faults *f, enum hal_ct_range range);

/* n sample sets: x holds V and A and is used up; codes receives the ADC's words. */
void sensors_convert(struct sensors *s, int n, double x[][WAVEFORM_BLOCK],
                     int32_t codes[][WAVEFORM_BLOCK]);

#endif
