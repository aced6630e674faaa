/* The ten logs (docs/decisions.md, Logs; registers 158-178, 8000-13759): at every end
 * of a demand sub-interval each log stores the 16-bit register that its pointer names.
 *
 * Entries stand in FRAM, one ring per log, with two places more than are ever shown. So
 * the entries of a sub-interval (two sets at the most) go to places that nobody sees,
 * and the state record, written last, shows them all at once: a power cut at any byte
 * leaves the logs before or after, never a torn entry. */
#pragma once

#include "core/log_state.h"

struct meter;
struct settings;

/* Power-up: the state from NVM; a power cycle interrupts and sets the clock anew. -1
 * when NVM does not answer. */
int log_start(struct meter *m);

/* The end of a sub-interval, when its readings are published. */
void log_subinterval(struct meter *m);

/* Command 16640; -1 when NVM does not answer. */
int log_reset(struct meter *m);

/* Something that register 160 will speak of after this sub-interval. */
void log_note(struct meter *m, enum log_status event);

/* After a change of settings: notes those that concern the logs. */
void log_settings_changed(struct meter *m, const struct settings *before);

/* Entries first…first+count-1 of the window at register 8000; 0, or -1 when NVM does
 * not answer. */
int log_read(struct meter *m, unsigned first, unsigned count, uint16_t *words);
