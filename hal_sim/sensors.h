/* Sensors and front end: amperes and volts of the conductors into 24-bit ADC codes.
 *
 * What is linear is a view of the world (waveform_set_view), exact at every frequency:
 * wiring and star point of the meter's own inputs, PT, CT with its angle, rope CT with its
 * integrator, the anti-alias filter, the gain in codes. What is not is done on samples:
 * clipping at +20 % over-range, then offset, noise and rounding of the ADC. */
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
    bool rope;           /* Rogowski coils and integrators instead of CTs */
    uint64_t noise_state;
    /* with the faults in force; made by sensors_prepare */
    const struct faults *faults;
    double codes_per_v, codes_per_a;
    double offset[HAL_CHANNELS], noise_codes;
};

enum { SENSORS_ANTIALIAS_HZ = 40000 }; /* corner of the RC before the ADC */

/* To be called after every change of sensors, faults or input range; the view changes
 * with it. Keeps the pointer to the faults. */
void sensors_prepare(struct sensors *s, const struct faults *f, enum hal_ct_range range);

/* A waveform_view; user: struct sensors. From V and A to codes. */
void sensors_view(void *user, double hz, double re[][WAVEFORM_CHANNELS],
                  double im[][WAVEFORM_CHANNELS]);

/* n sample sets: x holds codes as the view gives them and is used up; codes receives the
 * ADC's words. */
void sensors_convert(struct sensors *s, int n, double x[][WAVEFORM_BLOCK],
                     int32_t codes[][WAVEFORM_BLOCK]);

#endif
