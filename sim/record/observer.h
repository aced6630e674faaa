/* What a scenario did and what its meters did, reported to those who subscribe
 * (records, reports). The meters are seen through their tapes, so looking changes
 * nothing: the tape of a run is the same with and without observers. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/line/line.h"
#include <stdint.h>

enum observed_kind {
    OBSERVED_SCRIPT, /* it begins, it ends */
    OBSERVED_LOG,
    OBSERVED_WORLD, /* grid, load, events */
    OBSERVED_FAULT,
    OBSERVED_POWER,
    OBSERVED_SETTING, /* a write by Modbus */
    OBSERVED_ALERT,
    OBSERVED_CONTACT,
    OBSERVED_PASSED, /* an expectation */
    OBSERVED_FAILED,
    OBSERVED_KINDS
};

const char *observed_kind_name(enum observed_kind kind);

struct observed_event {
    enum observed_kind kind;
    int64_t at_ns;
    const struct observed_meter *meter; /* NULL: of the scenario */
    const char *key;                    /* of what has a state, or NULL */
    int state;                          /* 1 from now on, 0 no more */
    int line;                           /* of the script, or 0 */
    const char *text;
};

enum { OBSERVED_NAME = 48 };

/* What is shown in `second` is what the meter published at `second_ns`. */
struct observed_meter {
    struct observer *observer;
    struct unit *unit;
    char name[OBSERVED_NAME];
    int index; /* in the order in which they were made */
    uint8_t lcd[HAL_LCD_SIZE];
    /* private */
    int64_t at_ns;
    uint32_t seconds;
    uint16_t alerts;
    bool output[HAL_OUTPUTS];
    tape_sink tape;
    void *tape_user;
};

/* A register that the script has asked to be watched. */
struct observed_register {
    const struct observed_meter *meter;
    char name[OBSERVED_NAME];
    int reg, format; /* base 1; as in register_format.h */
};

/* An RS-485 line of the scenario; index in the order in which they were made. */
struct observed_line {
    struct observer *observer;
    struct line *line;
    int index;
};

/* Any may be NULL. */
struct observer_calls {
    void (*meter)(void *user, const struct observed_meter *m);
    void (*watch)(void *user, const struct observed_register *r);
    /* count sample sets, channel by channel, as on the tape; the contacts are those of
     * the unit. */
    void (*samples)(void *user, const struct observed_meter *m, const uint8_t *words,
                    int count);
    void (*second)(void *user, const struct observed_meter *m, int64_t at_ns);
    void (*lcd)(void *user, const struct observed_meter *m, int64_t at_ns);
    /* A request that came past the line, or its answer. */
    void (*pdu)(void *user, const struct observed_meter *m, int64_t at_ns,
                const uint8_t *pdu, int size);
    void (*sent)(void *user, const struct observed_line *l,
                 const struct line_sent *sent);
    void (*event)(void *user, const struct observed_event *event);
};

struct observer;

struct observer *observer_new(void);
/* Before the meters' units are freed, which need not be quiet any more. */
void observer_free(struct observer *o);

/* `calls` must outlive it. */
void observer_add(struct observer *o, const struct observer_calls *calls, void *user);

/* Tells nobody any more. */
void observer_silence(struct observer *o);

/* Tells of the meters and registers that are there already. To those that have come
 * after a silence. */
void observer_introduce(struct observer *o);

/* Looks at a unit from now on; what goes to its tape goes on to there. */
struct observed_meter *observer_meter(struct observer *o, struct unit *u,
                                      const char *name);
/* Listens to a line from now on. */
void observer_line(struct observer *o, struct line *line);
void observer_watch(struct observer *o, const struct observed_register *r);
void observer_event(struct observer *o, const struct observed_event *event);

/* What was published in the last turn, too. Before the scenario ends. */
void observer_finish(struct observer *o);

/* By unit; NULL: not seen here. */
struct observed_meter *observer_find(const struct observer *o, const struct unit *u);

/* What a watched register holds now; NaN without power, or when there is none. */
double observer_register(const struct observed_register *r);
