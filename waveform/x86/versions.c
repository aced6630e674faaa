/* Chooses the kernels for the processor at hand, once. See waveform/base/versions.h. */
#include "waveform/x86/versions.h"

#define CHOICES EACH_KERNEL(VERSIONS_CHOOSE)
CHOICES
