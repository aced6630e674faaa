/* A script without a file: lines of Lua from outside, run one by one in the world that
 * there is. What goes wrong in one of them is its answer, and nothing ends. Globals
 * stay from line to line; `meters` holds the meters by name and by number. */
#pragma once

#include "sim/lua/verb.h"
#include "sim/plant/pace.h"
#include "sim/script/script.h"
#include <glib.h>
#include <lua.h>

struct script_console;

/* What a console has besides the verbs of scenarios. */
extern const struct verb script_console_verbs[];

/* folder: of the files that lines read, or NULL. print: what a line prints, with that line's user; NULL when it is a watched condition
 * that has failed. */
struct script_console *script_console_new(struct sim *sim, struct pace *pace,
                                          const char *folder,
                                          void (*print)(void *user, const char *text));
/* Before sim_free and pace_free. NULL is allowed. */
void script_console_free(struct script_console *c);

/* Takes a unit of the simulation in. */
void script_console_adopt(struct script_console *c, struct unit *unit,
                          const char *name);

/* How a line ended: an error, or `count` values from `first` on L's stack. */
typedef void (*script_console_answer)(void *user, const char *error, lua_State *L,
                                      int first, int count);

/* Runs the text: as an expression when it is one. Answers once, perhaps before this
 * returns, perhaps when simulated time has gone on. */
void script_console_run(struct script_console *c, const char *text,
                        script_console_answer answer, void *user);

/* What this user waits for is forgotten, without an answer. */
void script_console_drop(struct script_console *c, const void *user);

/* Names that may follow `text` ("m.kw_t", "fau"), sorted, each as a whole; to be freed
 * with its strings. */
GPtrArray *script_console_complete(struct script_console *c, const char *text);
