/* Chooses the kernels of the sensors for the processor at hand, once. See
 * waveform/base/versions.h. */
#include "hal_sim/x86/versions.h"

#define CHOICES EACH_SENSOR_KERNEL(VERSIONS_CHOOSE)
CHOICES
