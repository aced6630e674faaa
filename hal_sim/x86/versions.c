/* Chooses the ADC's kernels for the processor at hand, once. See
 * waveform/base/versions.h. */
#include "hal_sim/x86/versions.h"

EACH_ADC_KERNEL(VERSIONS_CHOOSE)
