/* Chooses the kernels for the processor at hand, once. See waveform/base/versions.h. */
#include "waveform/x86/versions.h"

EACH_KERNEL(VERSIONS_CHOOSE)
