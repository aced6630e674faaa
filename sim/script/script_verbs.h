/* The scenario language's words (script_words): the functions that their rows name. A
 * new word is a row of script_verbs.def and its function. */
#pragma once

#include "sim/lua/verb.h"
#include "sim/script/script_family.h"

#define DECLARE(name, arguments, text, call) int call(lua_State *L);
#define VERB                                 DECLARE
#define METER_METHOD                         DECLARE
#define METER_FIELD                          DECLARE
#define LINE_METHOD                          DECLARE
#define LINE_FIELD                           DECLARE
#define GATEWAY_METHOD                       DECLARE
#define GATEWAY_FIELD                        DECLARE
#include "sim/script/script_verbs.def"
#undef DECLARE

/* All of them, as script_language.c gives them to a script. */
extern const struct script_words script_all_words;
