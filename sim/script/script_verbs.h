/* The tables of the scenario language's words (verb.h). */
#ifndef SIM_SCRIPT_SCRIPT_VERBS_H
#define SIM_SCRIPT_SCRIPT_VERBS_H

#include "sim/lua/verb.h"

extern const struct verb script_verbs[];

/* The methods of a meter, m:name(…); its fields are in script_object.h. */
extern const struct verb script_meter_methods[];

/* The methods of a line and its fields. */
extern const struct verb script_line_methods[];
extern const struct verb script_line_fields[];

#endif
