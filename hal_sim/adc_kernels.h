/* The loops of the ADC over a channel's samples, element by element: the same bits from
 * every instruction set. adc_kernels.c is plain C, compiled once for each of them, as
 * waveform/kernels.h. */
#pragma once

#include "core/hal.h"
#include "waveform/base/random.h"
#include <stdint.h>

/* What the amplifier adds, and the rails behind it. */
struct adc_span {
    double offset, low, high;
};

/* The codes of n samples. */
void adc_kernel_round(const double *x, int n, const struct adc_span *span,
                      int32_t *code);

/* The same with noise behind the amplifier, up to ±most: the bell-shaped numbers, × scale,
 * of a counter that is at `state` and goes on by ADC_NOISE_STEP a sample, because the
 * channels draw in turn. */
#define ADC_NOISE_STEP (HAL_CHANNELS * RANDOM_STEP)

struct adc_noise {
    uint64_t state;
    double scale, most;
};
void adc_kernel_noise(const double *x, int n, const struct adc_span *span,
                      const struct adc_noise *noise, int32_t *code);
