/* The versions of the kernels of ADC and CT cores; tests compare them. */
#pragma once

#include "hal_sim/adc_kernels.h"
#include "hal_sim/ct_core.h"
#include "waveform/base/versions.h"

#define EACH_SENSOR_KERNEL(X)                                                          \
    X(adc_kernel_round)                                                                \
    X(adc_kernel_noise)                                                                \
    X(ct_core_kernel)

EACH_SENSOR_KERNEL(VERSIONS_DECLARE)
