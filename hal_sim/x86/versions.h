/* The versions of the ADC's kernels (hal_sim/adc_kernels.h); tests compare them. */
#ifndef HAL_SIM_X86_VERSIONS_H
#define HAL_SIM_X86_VERSIONS_H

#include "hal_sim/adc_kernels.h"
#include "waveform/base/versions.h"

#define EACH_ADC_KERNEL(X)                                                             \
    X(adc_kernel_round)                                                                \
    X(adc_kernel_noise)

EACH_ADC_KERNEL(VERSIONS_DECLARE)

#endif
