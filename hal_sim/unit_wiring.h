/* What is wired where a meter stands. Part of unit.h. */
#pragma once

#include "waveform/wiring.h"

/* The wiring that a system type (register 130) expects. */
enum waveform_wiring unit_wiring_of(int system_type);
