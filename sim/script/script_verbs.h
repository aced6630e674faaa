/* The words of the scenario language (verb.h). */
#ifndef SIM_SCRIPT_SCRIPT_VERBS_H
#define SIM_SCRIPT_SCRIPT_VERBS_H

#include "sim/lua/verb.h"

extern const struct verb script_verbs[];

/* The methods of a meter, m:name(…), and its fields, m.name, besides the readings. */
extern const struct verb script_meter_methods[];
extern const struct verb script_meter_fields[]; /* call pushes one value */

/* The methods of a line and its fields. */
extern const struct verb script_line_methods[];
extern const struct verb script_line_fields[];

/* What a console has besides. */
extern const struct verb script_console_verbs[];

int script_hold(lua_State *L);
int script_go(lua_State *L);
int script_advance(lua_State *L);
int script_refuse_meter(lua_State *L);

/* World: script_grid.c, script_load.c, script_loads.c, script_event.c,
 * script_recording.c. */
int script_grid(lua_State *L);
int script_load(lua_State *L);
int script_add_load(lua_State *L);
int script_clear_loads(lua_State *L);
int script_event(lua_State *L);
int script_clear_events(lua_State *L);
int script_recording(lua_State *L);
int script_stop_recording(lua_State *L);

/* Meters and faults: script_meter.c, script_fault.c. */
int script_meter(lua_State *L);
int script_meters(lua_State *L);
int script_each(lua_State *L);
int script_power(lua_State *L);
int script_fault(lua_State *L);
int script_clear(lua_State *L);

/* The panel: script_panel.c; two fields of a meter. */
int script_press(lua_State *L);
int script_screenshot(lua_State *L); /* script_screenshot.c */
int script_field_lcd(lua_State *L);
int script_field_led(lua_State *L);

/* Time: script_time.c, script_monitor.c. */
int script_wait(lua_State *L);
int script_wait_until(lua_State *L);
int script_within(lua_State *L);
int script_now(lua_State *L);
int script_always(lua_State *L);
int script_never(lua_State *L);
int script_eventually(lua_State *L);
int script_monotonic(lua_State *L);
int script_conserved(lua_State *L);
int script_always_until(lua_State *L);

/* Triggers: script_trigger.c. */
int script_after(lua_State *L);
int script_every(lua_State *L);
int script_when(lua_State *L);
int script_on_poll(lua_State *L);
int script_chance(lua_State *L);

/* Expectations: script_expect.c. */
int script_expect(lua_State *L);
int script_near(lua_State *L);
int script_no_reading(lua_State *L);
int script_truth_class(lua_State *L); /* script_class.c */

/* RS-485: script_line.c, script_line_ask.c, script_line_poll.c. */
int script_line_make(lua_State *L);
int script_line_set(lua_State *L);
int script_line_read(lua_State *L);
int script_line_try_read(lua_State *L);
int script_line_write(lua_State *L);
int script_line_try_write(lua_State *L);
int script_line_request(lua_State *L);
int script_line_frame(lua_State *L);
int script_line_send(lua_State *L);
int script_line_crc(lua_State *L);
int script_line_poll(lua_State *L);
int script_line_request_start(lua_State *L);
int script_line_request_end(lua_State *L);
int script_line_answer_start(lua_State *L);
int script_line_answer_end(lua_State *L);
int script_line_collisions(lua_State *L);
int script_line_foreign(lua_State *L);

/* script_case.c. */
int script_case(lua_State *L);

/* script_save.c. */
int script_save(lua_State *L);
int script_restore(lua_State *L);

/* script_watch.c. */
int script_watch(lua_State *L);

/* script_sandbox.c, pairs_in_order.c: what stands in for Lua's own. */
int script_print(lua_State *L);
int pairs_in_order(lua_State *L);

/* A meter's methods, script_modbus.c and script_object.c; self is argument 1. */
int script_read(lua_State *L);
int script_try_read(lua_State *L);
int script_write(lua_State *L);
int script_try_write(lua_State *L);
int script_request(lua_State *L);
int script_truth(lua_State *L);

#endif
