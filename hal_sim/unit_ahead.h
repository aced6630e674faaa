/* The next unit's state comes into the cache while this one computes. In a plant of
 * thousands a unit's state has left the cache by its next step, and to wait for it took
 * a quarter of the time. It is asked for a few lines at a time: all at once fill the
 * processor's queue of reads, and then this unit's own wait behind them. */
#pragma once

#include "hal_sim/unit.h"

enum {
    AHEAD_LINE = 64,  /* bytes of a line of the cache; any number would be correct */
    AHEAD_AT_ONCE = 5 /* lines; three times at a stop: all of a unit in 15 (250 ms) */
};

struct unit_ahead {
    const char *at, *end;    /* what is being brought: the unit itself … */
    const struct unit *unit; /* … and then its device, whose place it knows */
    size_t bytes;            /* of the device */
};

/* NULL: nothing is brought. The devices of a plant are of one kind, as a rule. */
static inline struct unit_ahead unit_ahead(const struct unit *next, size_t bytes)
{
    const char *at = (const char *)next;

    return (struct unit_ahead){ at, next ? at + sizeof *next : NULL, next, bytes };
}

static inline void unit_ahead_fetch(struct unit_ahead *a)
{
    for (int k = 0; k < AHEAD_AT_ONCE; k++, a->at += AHEAD_LINE) {
        if (a->at >= a->end && a->unit) {
            a->at = (const char *)a->unit->device;
            a->end = a->at + a->bytes;
            a->unit = NULL;
        }
        if (a->at >= a->end)
            return;
        __builtin_prefetch(a->at, 1, 3);
    }
}
