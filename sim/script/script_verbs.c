/* The table of verbs. See script_verbs.h. */
#include "sim/script/script_verbs.h"
#include "sim/script/script_case.h"
#include "sim/script/script_class.h"
#include "sim/script/script_event.h"
#include "sim/script/script_expect.h"
#include "sim/script/script_fault.h"
#include "sim/script/script_grid.h"
#include "sim/script/script_line.h"
#include "sim/script/script_line_ask.h"
#include "sim/script/script_line_poll.h"
#include "sim/script/script_load.h"
#include "sim/script/script_loads.h"
#include "sim/script/script_log.h"
#include "sim/script/script_meter.h"
#include "sim/script/script_modbus.h"
#include "sim/script/script_monitor.h"
#include "sim/script/script_panel.h"
#include "sim/script/script_recording.h"
#include "sim/script/script_save.h"
#include "sim/script/script_screenshot.h"
#include "sim/script/script_state.h"
#include "sim/script/script_time.h"
#include "sim/script/script_trigger.h"
#include "sim/script/script_truth.h"
#include "sim/script/script_watch.h"
#include <stddef.h>

const struct verb script_verbs[] = {
    { "meter", "{ model=, system_type=, ct_primary=, … }",
      "a meter, powered up and configured over its own Modbus; returns it",
      script_meter },
    { "meters", "count, { … }", "so many meters alike; returns a list of them",
      script_meters },
    { "each", "function(m, i)", "calls it for every meter there is, in their order",
      script_each },
    { "grid",
      "[meter,] { hz=, volts_ll= | volts_ln= | volts={a,b,c} | sequences={0,1,2}, "
      "kind=, … }",
      "the voltages; what is not named stays", script_grid },
    { "load", "[meter,] { amps= | kw=, pf= | lag_degrees=, … }",
      "the currents; replaces the load before", script_load },
    { "add_load", "[meter,] kind, { amps= | kw=, connection=, phases=, at=, … }",
      "one more load, computed from the voltages; the kinds are listed below",
      script_add_load },
    { "clear_loads", "[meter]", "removes the loads of add_load", script_clear_loads },
    { "event", "[meter,] kind [, { phases=, at=, on_wave=, point=, … }]",
      "happens to the grid, now or later; the kinds are listed below", script_event },
    { "clear_events", "[meter]", "ends the events that last or wait",
      script_clear_events },
    { "recording", "[meter,] file [, { va=, …, scale_v=, before=, … }]",
      "plays a COMTRADE file from now; returns { hz=, seconds= }", script_recording },
    { "stop_recording", "[meter]", "ends it: grid and load are again what they were",
      script_stop_recording },
    { "wait", "duration", "lets simulated time pass", script_wait },
    { "wait_until", "function [, limit]",
      "waits until the function is true; fails at the limit (1 h); returns seconds",
      script_wait_until },
    { "now", "", "simulated seconds since the start", script_now },
    { "after", "duration, function", "calls the function once, that much later",
      script_after },
    { "every", "period, function", "calls the function again and again", script_every },
    { "when", "condition, function",
      "calls the function once, as soon as the condition is true (seen to 10 ms)",
      script_when },
    { "on_poll", "meter, n, function",
      "calls the function just before the n-th Modbus request from now",
      script_on_poll },
    { "chance", "share", "true with that probability, from the seed", script_chance },
    { "power", "meter, \"off\" | \"on\"", "the meter's control power", script_power },
    { "press", "meter, \"+\" | \"-\" | \"back\" | \"select\" [, duration]",
      "holds a button for 100 ms, or as long; returns 100 ms after its release",
      script_press },
    { "screenshot", "[meter,] \"x.png\" [, \"phasors\" | \"waves\"]",
      "a picture of the panel, into the folder of --record or --screenshots",
      script_screenshot },
    { "fault", "meter, name [, phases] [, magnitude] [, { duration= }]",
      "injects a fault (metersim faults lists them)", script_fault },
    { "clear", "meter [, name [, phases]]", "ends a fault, or all of them",
      script_clear },
    { "expect", "value, near(…) | value, value | condition [, text]",
      "fails the scenario when it is not so", script_expect },
    { "near", "value, tolerance", "a number within \"0.1 %\", \"50 W\" or 0.05",
      script_near },
    { "within", "duration, function", "the function must become true within that time",
      script_within },
    { "always", "function",
      "must be true now, every second from now on, and at the end", script_always },
    { "never", "function",
      "must be false now, every second from now on, and at the end", script_never },
    { "eventually", "function", "must be true at one of those times",
      script_eventually },
    { "always_until", "function, until [, limit]",
      "waits; the function must be true until the other one is; fails at the limit (1 "
      "h)",
      script_always_until },
    { "monotonic", "function",
      "its number must never fall: looked at now, every second, and at the end",
      script_monotonic },
    { "conserved", "function, tolerance",
      "its number must stay what it is now: looked at every second, and at the end",
      script_conserved },
    { "truth", "meter, class",
      "every reading must agree with the wave within the class: \"0.1\", \"0.2S\", "
      "\"0.5S\", \"1\", \"2\"",
      script_truth_class },
    { "line", "[{ meters=, baud=, parity=, noise=, echo=, foreign=, … }]",
      "a line of RS-485 with a master, in simulated time; returns it",
      script_line_make },
    { "case", "name (function)",
      "a what-if: the function goes on from this state in a process of its own, and is "
      "reported as a test of its own",
      script_case },
    { "save", "name", "keeps the state of all meters, their worlds, and simulated time",
      script_save },
    { "restore", "name", "puts back what was saved, as often as wanted; time goes back",
      script_restore },
    { "no_reading", "value", "true when the meter has no such reading (QNAN, ----)",
      script_no_reading },
    { "watch", "meter, register [, format [, name]]",
      "the register goes into records and reports, once a second", script_watch },
    { "print", "values…", "a line in the scenario's log", script_print },
    { NULL, NULL, NULL, NULL },
};

const struct verb script_meter_methods[] = {
    { "read", "register [, count | format]",
      "registers (base 1) by function 03; a format (s16 u16 s32 u32 f32) gives a "
      "number",
      script_read },
    { "try_read", "register [, count | format]",
      "the same; an exception returns nil and its code", script_try_read },
    { "write", "register, value…", "function 06, or 16 for several", script_write },
    { "try_write", "register, value…",
      "the same; returns true, or nil and the exception's code", script_try_write },
    { "request", "\"2B 0E 01 00\"", "any PDU in hexadecimal; returns the answer so",
      script_request },
    { "truth", "", "a table of exact values by the names of the readings",
      script_truth },
    { NULL, NULL, NULL, NULL },
};

const struct verb script_line_methods[] = {
    { "read", "id, register [, count | format]",
      "as m:read, but by the meter's address, over the wire; waits for the answer",
      script_line_read },
    { "try_read", "id, register [, count | format]",
      "the same; nil and an exception's code or a text: \"timeout\", \"bad crc\" …",
      script_line_try_read },
    { "write", "id, register, value…",
      "function 06, or 16 for several; id 0 is a broadcast, which nobody answers",
      script_line_write },
    { "try_write", "id, register, value…",
      "the same; true, or nil and an exception's code or a text",
      script_line_try_write },
    { "request", "id, \"2B 0E 01 00\"",
      "any PDU in hexadecimal; returns the answer's, or nil and a text",
      script_line_request },
    { "frame", "\"01 03 00 14 00 01 C4 0E\"",
      "any bytes; returns the frame that comes back, unjudged, or nil and \"timeout\"",
      script_line_frame },
    { "send", "\"01 03 00\"", "any bytes at once, without listening",
      script_line_send },
    { "crc", "\"01 03 00 14 00 01\"", "the same bytes with their CRC",
      script_line_crc },
    { "poll", "{ id=, register=, count=, every= }",
      "reads periodically beside the scenario and counts: sent, good, missed, "
      "timeouts, "
      "damaged, exceptions, code, registers; stop() ends it",
      script_line_poll },
    { "set", "{ baud=, noise=, … }", "changes the line or its master",
      script_line_set },
    { NULL, NULL, NULL, NULL },
};

const struct verb script_line_fields[] = {
    { "request_start", "", "of the last exchange: its first bit, in µs since the start",
      script_line_request_start },
    { "request_end", "", "the end of its last stop bit", script_line_request_end },
    { "answer_start", "", "the answer's first bit, as the master hears it; nil: none",
      script_line_answer_start },
    { "answer_end", "", "the end of the answer's last stop bit",
      script_line_answer_end },
    { "collisions", "", "transmissions that met another one", script_line_collisions },
    { "foreign_requests", "", "requests to other devices", script_line_foreign },
    { NULL, NULL, NULL, NULL },
};
