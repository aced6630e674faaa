/* What a scenario reports to its observer: the calls that change the world, faults,
 * what is expected and met. Without an observer nothing is done. */
#pragma once

#include "sim/record/observer.h"
#include "sim/script/script_state.h"

/* Reports to the observer, if there is one; m NULL: all meters. The text of a call is
 * that of the script. */
void script_note(struct script *s, enum observed_kind kind, const struct site_meter *m,
                 int line, const char *text);
void script_note_call(lua_State *L, enum observed_kind kind,
                      const struct site_meter *m);
void script_note_line(struct script *s, enum observed_kind kind, int line);

/* For a site's fault_changed; `script`: a struct script. */
void script_note_fault(void *script, const struct site_meter *m, enum fault_id id,
                       int phase, int line);
void script_note_end(struct script *s, const char *message);
