/* The verb screenshot: the panel of a meter as a PNG file. Scripts reach nothing
 * outside, so the folder is that of --record or --screenshots, and a name is a plain
 * one; without a folder nothing is drawn, and the count is printed at the end. The
 * script does not know whether there is one, so it goes the same way with and without.
 * */
#pragma once

#include "sim/script/script_state.h"

extern const struct script_family script_screenshot_family;

/* A verb of the console: the same picture as the value, for programs. */
int script_picture(lua_State *L);
