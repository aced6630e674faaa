/* The verb recording: a COMTRADE file, resampled once, played to the meters from now
 * on. Its path is looked for beside the script, then in the current folder. */
#pragma once

#include "sim/script/script_state.h"

extern const struct script_family script_recording_family;
