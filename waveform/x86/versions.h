/* The versions of the kernels (kernels.h); tests compare them. */
#pragma once

#include "waveform/base/versions.h"
#include "waveform/kernels.h"

#define EACH_KERNEL(X)                                                                 \
    X(kernel_sin_cos)                                                                  \
    X(kernel_lines)                                                                    \
    X(kernel_wave)                                                                     \
    X(kernel_add_wave)                                                                 \
    X(kernel_scale)                                                                    \
    X(kernel_times)                                                                    \
    X(kernel_sun)                                                                      \
    X(kernel_ramp)                                                                     \
    X(kernel_truth)                                                                    \
    X(kernel_view)

EACH_KERNEL(VERSIONS_DECLARE)
