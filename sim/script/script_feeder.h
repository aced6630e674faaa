/* The field `feeder` of meter { }: the meter at its head. */
#pragma once

#include "sim/script/script_state.h"

/* The field `feeder` of meter { }: the head, or NULL. */
struct site_meter *script_feeder_parse(lua_State *L, int table,
                                       enum waveform_wiring wiring);
