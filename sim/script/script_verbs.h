/* The scenario language's words (verb.h): tables, and the functions that their rows
 * name. A new word is a row of script_verbs.def and its function. */
#ifndef SIM_SCRIPT_SCRIPT_VERBS_H
#define SIM_SCRIPT_SCRIPT_VERBS_H

#include "sim/lua/verb.h"

#define DECLARE(name, arguments, text, call) int call(lua_State *L);
#define VERB                                 DECLARE
#define METER_METHOD                         DECLARE
#define LINE_METHOD                          DECLARE
#define LINE_FIELD                           DECLARE
#include "sim/script/script_verbs.def"
#undef DECLARE

extern const struct verb script_verbs[];

/* The methods of a meter, m:name(…); its fields are in script_object.h. */
extern const struct verb script_meter_methods[];

/* The methods of a line and its fields. */
extern const struct verb script_line_methods[];
extern const struct verb script_line_fields[];

#endif
