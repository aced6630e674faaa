/* The console of a running simulation: a Unix socket that takes lines of Lua and
 * answers each with one line of JSON, for people (metersim console) and for programs
 * alike. Only the owner of the process can open it: the socket is mode 0600, and
 * whoever connects is asked for their user id.
 *
 * A request is a line of Lua, or a JSON object { "id": any, "lua": "text" } whose text
 * may have several lines, or { "complete": "m.kw" }. The answer: { "id": …, "ok": true,
 * "value": …, "printed": "…", "time": 12.5 } or { "ok": false, "error": "…", … }.
 * Requests of one connection are answered in order, one after the other; what waits in
 * simulated time is answered when that has passed. */
#pragma once

#include "sim/plant/pace.h"
#include "sim/plant/sim.h"
#include "sim/run/scenario.h"

struct console;

/* Of a line, its end not counted. */
#define CONSOLE_LINE_BYTES 65536
enum { CONSOLE_LINE_MAX = CONSOLE_LINE_BYTES, CONSOLE_CLIENTS_MAX = 16 };

/* Listens at `path`; NULL: in console_folder; "none": nowhere, and console_path is NULL. The meters are those of
 * `sim`, with their names in `scenario` (or NULL: meter1, meter2, …). NULL with *error
 * set when it cannot. */
struct console *console_open(struct sim *sim, struct pace *pace,
                             const struct scenario *scenario, const char *path,
                             GError **error);
const char *console_path(const struct console *c);
/* A line from whom comes another way, as from a client of the socket. One at a time: the
 * next after the answer, which comes once, perhaps before this returns. */
typedef void (*console_answer)(void *client, const char *json);
void console_ask(struct console *c, const char *line, console_answer answer,
                 void *client);
/* The client is gone, and so is what it has asked for. */
void console_forget(struct console *c, void *client);

/* Before sim_free, scenario_free and pace_free. NULL is allowed. */
void console_close(struct console *c);

/* The folder of sockets that only this user can enter, made when it is not there; NULL
 * with *error set. To be freed. */
char *console_folder(GError **error);
