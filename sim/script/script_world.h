/* Verbs that do the same to the world of each meter: of one meter's feeder, or of all.
 */
#pragma once

#include "sim/script/script_state.h"

typedef void (*script_world_call)(lua_State *L, struct site_meter *m, const char *verb,
                                  void *user);
void script_feeder_each(lua_State *L, struct site_meter *m, const char *verb,
                        script_world_call call, void *user);

/* For one meter's feeder, or for all where `only` is NULL. */
void script_world_each(lua_State *L, struct site_meter *only, const char *verb,
                       script_world_call call, void *user);

/* A verb that takes something away from the worlds of one meter or of all; nothing is
 * pushed. */
int script_world_clear(lua_State *L, const char *verb,
                       void (*clear)(struct waveform *world));

/* An error while a recording plays there, because `verb` would end it. */
void script_world_free_of_recording(lua_State *L, const struct site_meter *m,
                                    const char *verb);
