/* The loops of the ADC over a block's samples, element by element: the same bits from every
 * instruction set. adc_kernels.c is plain C, compiled once for each of them but AVX2, of
 * which x86/adc_lanes.c has the instructions. */
#pragma once

#include "core/hal.h"
#include "waveform/base/random.h"
#include "waveform/waveform.h"
#include <stdint.h>

/* What the amplifier of a channel adds, and the rails behind it. */
struct adc_span {
    double offset, low, high;
};

/* The codes of n samples of each channel, 1…WAVEFORM_BLOCK. */
void adc_kernel_round(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      int32_t code[][WAVEFORM_BLOCK]);

/* The same with noise behind the amplifier, up to ±most: bell-shaped numbers, × scale, of
 * a counter that is at `state` (random.h). They go to the channels in turn, set by set. */
#define ADC_NOISE_STEP (HAL_CHANNELS * RANDOM_STEP)

struct adc_noise {
    uint64_t state;
    double scale, most;
};
void adc_kernel_noise(const double x[][WAVEFORM_BLOCK], int n,
                      const struct adc_span span[HAL_CHANNELS],
                      const struct adc_noise *noise, int32_t code[][WAVEFORM_BLOCK]);
