/* State of the ten logs, and what its words mean. See log.h. */
#pragma once

#include "core/clock.h"

enum {
    LOGS = 10,
    LOG_ENTRIES = 5760,
    LOG_SETS_MAX = 2, /* written at one end of a sub-interval */
    LOG_RING = LOG_ENTRIES + LOG_SETS_MAX
};

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
    bool holds;              /* `held` waits to be written */
    uint8_t scrubbed;        /* which log … */
    uint16_t scrubbed_place; /* … and place log_entry_scrub checks next */
};
