/* Sensors and front end: amperes and volts of the conductors into 24-bit ADC codes.
 *
 * What is linear is a view of the world (waveform_set_view; sensors_view.c), exact at
 * every frequency and free of cost per sample: wiring and star point of the meter's own
 * inputs, PT, CT with its angle, rope CT with its integrator, delays, the anti-alias
 * filter, the gain in codes. What is not linear is done on samples, and costs nothing
 * while it is off: iron cores that saturate (ct_core.h), errors that change with
 * current (ct_class.h), the ADC (adc.h). */
#pragma once

#include "core/hal.h"
#include "hal_sim/adc.h"
#include "hal_sim/ct_class.h"
#include "hal_sim/ct_core.h"
#include "hal_sim/fault.h"
#include "waveform/waveform.h"

/* What is screwed to the meter, apart from how it is configured. */
struct sensors {
    double ct_primary_a; /* rated current of the CTs */
    double ct_output_v;  /* their output at rated current: 1 or 1/3 */
    double pt_ratio;     /* line volts per input volt */
    enum waveform_wiring wiring;
    bool rope; /* Rogowski coils and integrators instead of CTs; an S4000-R */
    uint64_t noise_state;
    /* with the faults in force; made by sensors_prepare */
    const struct faults *faults;
    enum hal_ct_range range;
    double codes_per_v, codes_per_a;
    struct adc adc;
    uint8_t destroyed;           /* current inputs, a bit each, for good */
    uint8_t saturating, classed; /* a bit per CT that has one of these */
    struct ct_core core[3];      /* the view shows it the bare conductor, × rated */
    double remanence[3];         /* of the fault, as last seen */
    struct ct_class error[3];
};

enum { SENSORS_ANTIALIAS_HZ = 40000 }; /* corner of a healthy RC before the ADC */

/* To be called after every change of sensors, faults or input range; the view changes
 * with it. Keeps the pointer to the faults. The state of cores and errors goes on. */
void sensors_prepare(struct sensors *s, const struct faults *f,
                     enum hal_ct_range range);

/* n sample sets: x holds codes as the view gives them and is used up; codes receives
 * the ADC's words. Any cut of the sample sets into calls gives the same words. */
void sensors_convert(struct sensors *s, int n, double x[][WAVEFORM_BLOCK],
                     int32_t codes[][WAVEFORM_BLOCK]);
