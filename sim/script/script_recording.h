/* The verb recording: a COMTRADE file, resampled once, played to the meters from now
 * on. Its path is looked for beside the script, then in the current folder. */
#ifndef SIM_SCRIPT_SCRIPT_RECORDING_H
#define SIM_SCRIPT_SCRIPT_RECORDING_H

#include "sim/script/script_state.h"

/* An error while one plays, because `verb` would end it. */
void script_recording_refuse(lua_State *L, const struct site_meter *m,
                             const char *verb);

extern const struct script_family script_recording_family;

#endif
