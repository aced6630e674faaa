/* Parameters of events and loads as fields of a Lua table. A field is named as in the
 * tables of waveform/ without its unit: duration_s is `duration`, start_degrees is
 * `start`; percent, volts and hz are names of their own, hz_per_s is `rate`, and leads
 * is `leading`, as in the verb load. */
#pragma once

#include "waveform/event.h"
#include "waveform/load_kind.h"
#include <lua.h>

enum { SCRIPT_PARAMETERS = 24, SCRIPT_PARAMETER_NAME = 32 };

struct script_parameter {
    char name[SCRIPT_PARAMETER_NAME];
    const struct parameter *row; /* of event.def or of load_kind.def */
};

struct script_parameters {
    int count;
    struct script_parameter item[SCRIPT_PARAMETERS];
};

struct script_parameters script_parameters_of_event(enum waveform_event_kind kind);
struct script_parameters script_parameters_of_load(enum waveform_load_kind kind);

/* No other fields than the parameters and those of `common`, which ends with NULL. */
void script_parameters_check(lua_State *L, int table, const char *verb,
                             const struct script_parameters *p,
                             const char *const *common);

/* Puts what the table names where it belongs in `into`. */
void script_parameters_parse(lua_State *L, int table, const char *verb,
                             const struct script_parameters *p, void *into);
