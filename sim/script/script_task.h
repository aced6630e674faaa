/* Functions that run beside the scenario, each a coroutine of its own in simulated
 * time: what triggers call (script_trigger.c). They may wait. They end with the
 * scenario. */
#pragma once

#include "sim/script/script_state.h"

/* How a task ended: LUA_OK with its results on top of L, an error with its message
 * there, or LUA_YIELD when the script was over first. */
typedef void (*script_task_finished)(void *user, lua_State *L, int status, int results);

/* The function on top of L's stack, which is popped, as a task that reports how it
 * ended instead of ending the script. */
bool script_task_run(struct script *s, lua_State *L, script_task_finished finished,
                     void *user);

/* Those of `user` end here and now, and say nothing. */
void script_task_drop(struct script *s, const void *user);

/* The function is a reference in the registry. */
void script_task_start(struct script *s, int function);

/* The user of the task that runs now, or NULL. */
void *script_task_running(const struct script *s);
bool script_task_any(const struct script *s);

extern const struct script_family script_task_family;
