/* The supply's supervisor (BOARD.md, "Parts"): a comparator on the store before the
 * regulator. POWER_GOOD falls when control power is gone, while the store still lasts. */
#pragma once

#include "hal_sim/chips/part.h"

enum { SUPERVISOR_BOUNCE_NS = 700000 }; /* from edge to edge */

struct supervisor_wires {
    void *user;
    void (*good)(void *user, enum pin_level level, int64_t now_ns);
    void (*due)(void *user, int64_t at_ns); /* supervisor_run is wanted then */
};

struct supervisor {
    bool supplied;    /* control power is there … */
    int64_t since_ns; /* … or not, since then */
    /* What may befall it. */
    bool stuck;                /* POWER_GOOD is low, whatever the supply does */
    int64_t slow_ns;           /* it falls so much later than it should */
    int64_t from_ns, until_ns; /* it bounces between these */
    struct supervisor_wires wires;
};

void supervisor_power(struct supervisor *s, bool on, int64_t now_ns);
void supervisor_supply(struct supervisor *s, bool good, int64_t now_ns);
void supervisor_bounce(struct supervisor *s, int64_t for_ns, int64_t now_ns);
void supervisor_run(struct supervisor *s, int64_t now_ns);
