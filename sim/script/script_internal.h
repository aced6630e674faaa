/* What the parts of the scenario language share: the state of a script, reading of
 * arguments, errors. Memory that outlives a call is owned by struct script, because a
 * Lua error jumps over everything else. */
#ifndef SIM_SCRIPT_SCRIPT_INTERNAL_H
#define SIM_SCRIPT_SCRIPT_INTERNAL_H

#include "sim/lua/args.h"
#include "sim/lua/sandbox.h"
#include "sim/lua/source.h"
#include "sim/lua/value.h"
#include "sim/record/observer.h"
#include "sim/script/script.h"
#include "sim/site/site.h"
#include "sim/site/site_feeder.h"
#include "waveform/base/store.h"
#include "waveform/recording.h"
#include <glib.h>
#include <lauxlib.h>
#include <lua.h>

enum { SCRIPT_LOG_MAX = 1 << 20 };

struct script {
    struct script_options options;
    struct sim *sim;
    lua_State *L;    /* conditions are evaluated here */
    lua_State *body; /* the scenario's coroutine */
    struct sandbox sandbox;
    enum scenario_outcome outcome;
    char *path, *name;     /* of the file; messages have its name */
    struct source *source; /* NULL: a console's */
    GString *message, *log;
    int64_t checks;
    uint64_t wake; /* event */
    struct site site;
    GPtrArray *recordings, *monitors;
    GPtrArray *tasks, *triggers;
    GPtrArray *buses; /* lines of RS-485 (script_line.h) */
    bool ended;
    bool live;     /* a console's: it goes on after whatever goes wrong */
    void *running; /* user of the task that runs now, or NULL */
    GPtrArray *cases;
    int case_fd; /* this process is a case's; or -1 */
    bool begins_case;
    int case_depth;       /* of how many cases, one in the other, this is the inmost */
    int cases_begun;      /* with those that --filter leaves out */
    GArray *cases_beside; /* that run still (script_case.c) */
    bool has_ticket;      /* of jobs.h, for this process */
    int screenshots, screenshots_missed;
    GPtrArray *saves;  /* script_save.c */
    struct store end;  /* with keeps_end */
    char *end_problem; /* why there is none, or NULL */
};

struct script *script_of(lua_State *L);

/* script.c */
/* Lets the coroutine L go on then; it is to yield at once. */
void script_wake_at(lua_State *L, int64_t at_ns);
/* After the outcome is known, outside of Lua. */
void script_end(struct script *s);
/* A console's script forgets what went wrong. */
void script_revive(struct script *s);
void script_line(struct script *s, const char *line); /* to the log */

/* An expectation that failed: the text is what follows "file:line: ". */
void script_set_failed(struct script *s, int line, const char *text);
void script_set_misused(struct script *s, const char *message);
/* The same by the error on top of L's stack. `line` is for errors of memory, which have
 * none: 0 where L is a coroutine that still stands where it happened. */
void script_set_misused_by(struct script *s, lua_State *L, int status, int line);
/* It has come to its end: after the last look at what is watched. */
void script_set_passed(struct script *s);
bool script_over(const struct script *s);

/* script_task.c, script_trigger.c. The function is a reference in the registry. */
void script_task_start(struct script *s, int function);
/* The function on top of L's stack, which is popped, as a task that tells how it ended
 * instead of ending the script: LUA_OK with its results on top of L, an error with its
 * message there, or LUA_YIELD when the script was over first. */
typedef void (*script_task_finished)(void *user, lua_State *L, int status, int results);
bool script_task_run(struct script *s, lua_State *L, script_task_finished finished,
                     void *user);
/* Those of `user` end here and now, and say nothing. */
void script_task_drop(struct script *s, const void *user);
bool script_task_wake_at(struct script *s, const lua_State *L, int64_t at_ns);
void script_task_free(void *task);
void script_trigger_free(void *trigger);

/* script_monitor.c */
void script_monitor_free(void *monitor);
/* Time has gone back: numbers that must not fall or change are compared anew. */
void script_monitors_restart(struct script *s);
/* Last look at always, never and eventually. */
void script_monitors_finish(struct script *s);

/* script_adopt.c: a meter that the script did not make, into the global `meters`. */
struct site_meter *script_adopt(struct script *s, struct unit *unit, const char *name);

/* script_case.c */
GArray *script_cases_beside_new(void);

/* script_save.c */
GPtrArray *script_saves_new(void);
/* The script has passed, its faults are in force still. */
void script_keep_end(struct script *s);

/* script_grid.c, script_load.c */
void script_grid_apply(lua_State *L, struct site_meter *m);
void script_load_apply(lua_State *L, const struct site_load *load,
                       struct site_meter *m);
void script_harmonics_parse(lua_State *L, int table, const char *verb,
                            struct waveform_harmonics harmonics[3]);

/* "0.92", "0.92 lead", "0.92 lag", -0.92; at the top of the stack. `leading` stays as
 * it is where the text does not say. */
double script_pf_parse(lua_State *L, const char *verb, bool *leading);

/* script_disturbance.c: what is wrong with the grid, as fields of grid { }. */
void script_disturbance_parse(lua_State *L, int table, struct site_grid *g);

/* script_recording.c: an error while one plays, because `verb` would end it. */
void script_recording_refuse(lua_State *L, const struct site_meter *m,
                             const char *verb);

/* script_world.c: for one meter's feeder, or for all where `only` is NULL. */
typedef void (*script_world_call)(lua_State *L, struct site_meter *m, const char *verb,
                                  void *user);
void script_world_each(lua_State *L, struct site_meter *only, const char *verb,
                       script_world_call call, void *user);
void script_feeder_each(lua_State *L, struct site_meter *m, const char *verb,
                        script_world_call call, void *user);
/* script_feeder.c: the field `feeder` of meter { }: the head, or NULL. */
struct site_meter *script_feeder_parse(lua_State *L, int table,
                                       enum waveform_wiring wiring);
/* A verb that takes something away from the worlds of one meter or of all; nothing is
 * pushed. */
int script_world_clear(lua_State *L, const char *verb,
                       void (*clear)(struct waveform *world));

/* script_object.c: the meter at an argument, or NULL when that is no meter. */
struct site_meter *script_meter_test(lua_State *L, int index);
struct site_meter *script_meter_check(lua_State *L, int index);
/* The meter before a verb's other arguments, taken off the stack; NULL: none is. */
struct site_meter *script_meter_take(lua_State *L);
/* The meter of a verb with no other argument; NULL: it means all. */
struct site_meter *script_meter_only(lua_State *L);

/* script_setting.c: a setting by its table name, through the meter's own Modbus. */
void script_setting_write(lua_State *L, struct unit *u, int setting, double value);

/* script_modbus.c: the format of that name; the register at argument 2. */
int script_registers_format(lua_State *L, const char *name);
int script_registers_check(lua_State *L);

/* Registers of a proxy made by m:read. */
bool script_registers_test(lua_State *L, int index);
/* Pushes the number that the registers at `index` hold, read as "s16", "f32" …. */
void script_registers_decode(lua_State *L, int index, const char *format);
/* How many there are, and the number of the first. */
int script_registers_count(lua_State *L, int index, int *reg);
/* Pushes the number that they hold from word `at` (from 0) on. */
void script_registers_decode_at(lua_State *L, int index, int at, int format);

/* Registers that came over a line. */
void script_registers_push(lua_State *L, int reg, int count, const uint16_t *word);
void script_registers_number(lua_State *L, const uint16_t *word, int format);
const char *script_registers_exception(int code); /* "illegal function" … */
/* Pairs of hexadecimal digits at an argument, and back; the number of bytes. */
int script_registers_bytes(lua_State *L, int index, const char *verb, uint8_t *bytes,
                           int most);
void script_registers_hexadecimal(lua_State *L, const uint8_t *bytes, int count);

/* script_serial.c: fields address, baud and parity of the table at 1, into the NVM of a
 * unit without power; and the latter two for others. */
void script_serial_parse(lua_State *L, struct unit_factory *f);
int script_serial_baud(lua_State *L, int table, const char *verb, int otherwise);
int script_serial_parity(lua_State *L, int table, const char *verb, int otherwise);

/* script_line.c: a new meter hangs on the line that takes all. */
void script_lines_add_meter(struct script *s, struct site_meter *m);
void script_lines_end(struct script *s);

/* script_note.c: tells the observer, if there is one; m NULL: all meters. The text of a
 * call is that of the script. */
void script_note(struct script *s, enum observed_kind kind, const struct site_meter *m,
                 int line, const char *text);
void script_note_call(lua_State *L, enum observed_kind kind,
                      const struct site_meter *m);
void script_note_line(struct script *s, enum observed_kind kind, int line);
/* For a site's fault_changed; `script`: a struct script. */
void script_note_fault(void *script, const struct site_meter *m, enum fault_id id,
                       int phase, int line);
void script_note_end(struct script *s, const char *message);

/* script_report.c: the text of a failed expectation. */
void script_report_source(struct script *s, int line, GString *text);
void script_report_meters(struct script *s, GString *text);

#endif
