/* The front end's amplifier and ADC: what is left to do on samples when everything
 * linear is in the view. In this order: bend, clipping, offset, noise, limit of the
 * code, rounding, stuck bits, slip. What is switched off costs one test per call. */
#pragma once

#include "core/hal.h"
#include "hal_sim/adc_kernels.h"
#include "hal_sim/fault.h"
#include "waveform/waveform.h"

struct adc {
    double clip[HAL_CHANNELS], offset[HAL_CHANNELS]; /* codes */
    double noise_codes;
    double bend[HAL_CHANNELS]; /* of x ÷ full scale, cubed */
    bool bent;
    int slip;                                         /* channels */
    bool stuck;                                       /* any bit is */
    uint32_t ones[HAL_CHANNELS], zeros[HAL_CHANNELS]; /* bits stuck there */
    struct adc_span span[HAL_CHANNELS]; /* what adc_find_spans makes of the above */
};

void adc_prepare(struct adc *a, const struct faults *f);
void adc_find_spans(struct adc *a);

/* n sample sets of codes, not rounded yet, become ADC words; x is used up. */
void adc_convert(const struct adc *a, uint64_t *noise_state, int n,
                 double x[][WAVEFORM_BLOCK], int32_t codes[][WAVEFORM_BLOCK]);
