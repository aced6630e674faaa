/* The ten logs (docs/decisions.md, Logs; registers 158-178, 8000-13759): at every end
 * of a demand sub-interval each log takes the 16-bit register that its pointer names.
 *
 * Entries stand in FRAM, one ring per log, with two places more than are ever shown. So
 * the entries of a sub-interval (two sets at the most) go to places that nobody sees,
 * and the state record, written last, shows them all at once: a power cut at any byte
 * leaves the logs before or after, never a torn entry. */
#ifndef CORE_LOG_H
#define CORE_LOG_H

#include "core/clock.h"
#include "core/log_entry.h"

struct meter;
struct settings;

/* Register 159. */
enum log_mode { LOG_SINGLE_SHOT = 1, LOG_HALT = 2 };

/* Register 160. */
enum log_status {
    LOG_FULL = 1,
    LOG_COLLISION_1 = 2, /* one set is held while a log is read */
    LOG_COLLISION_2 = 4, /* a second one came; logs are written while read */
    LOG_WAS_RESET = 8,   /* these three: in the sub-interval before */
    LOG_INTERRUPTED = 16,
    LOG_CLOCK_CHANGED = 32,
    LOG_EVENTS = LOG_WAS_RESET | LOG_INTERRUPTED | LOG_CLOCK_CHANGED
};

/* What one end of a sub-interval gives. */
struct log_set {
    uint16_t entry[LOGS];
    uint16_t stamp[CLOCK_WORDS];
};

/* Kept in NVM as it stands here: no padding. */
struct log_state {
    int64_t start_mwh; /* net energy at start, reset or wrap: registers 164/165 */
    uint16_t next;     /* place in the rings of the next entry */
    uint16_t shown;    /* entries that hold something, 0…5760 */
    uint16_t entries;  /* since reset or wrap: 163 */
    uint16_t wraps;    /* or entries lost: 161 */
    uint16_t status;   /* 160 */
    uint16_t events;   /* of the present sub-interval: LOG_EVENTS */
    uint16_t stamp[CLOCK_WORDS]; /* of the newest entry: 166-168 */
    uint16_t spare[3];
};

struct log {
    struct log_state state;
    struct log_set held;
    bool holds;            /* `held` waits to be written */
    uint8_t tended;        /* which log … */
    uint16_t tended_place; /* … and place log_entry_tend looks at next */
};

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

/* Register 162: days that the logs hold at the present sub-interval. */
uint16_t log_days(const struct meter *m);

/* Entries first…first+count-1 of the window at register 8000; 0, or -1 when NVM does
 * not answer. */
int log_read(struct meter *m, unsigned first, unsigned count, uint16_t *words);

#endif
