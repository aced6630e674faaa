/* The panel in a scenario: the verb press, and what one sees: m.lcd, m.led. The texts
 * are read off the glass, segment by segment, with its faults, and not out of the
 * firmware. */
#ifndef SIM_SCRIPT_SCRIPT_PANEL_H
#define SIM_SCRIPT_SCRIPT_PANEL_H

#include "sim/script/script_state.h"

int script_field_lcd(lua_State *L);
int script_field_led(lua_State *L);

#endif
