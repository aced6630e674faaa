/* What a line's master asks: line:read, :write, :request, :frame, :send. Each waits in
 * simulated time, so several functions of a scenario may ask at once: the master takes
 * their exchanges in turn. The exchange lives on the stack of the coroutine that waits,
 * and is forgotten before Lua is. */
#ifndef SIM_SCRIPT_SCRIPT_LINE_ASK_H
#define SIM_SCRIPT_SCRIPT_LINE_ASK_H

#include "sim/script/script_state.h"

/* Rows of the tables of script_verbs.c. */
int script_line_read(lua_State *L);
int script_line_try_read(lua_State *L);
int script_line_write(lua_State *L);
int script_line_try_write(lua_State *L);
int script_line_request(lua_State *L);
int script_line_frame(lua_State *L);
int script_line_send(lua_State *L);
int script_line_crc(lua_State *L);

#endif
