/* Demand: mean power over the last sub-intervals (docs/decisions.md, Demand; registers
 * 29-37, 149, 150). Block with one sub-interval, rolling with two to six, synchronised
 * by command with 150 = 0. Counted in seconds of samples, and in the tick's time while
 * none come (front_end.h); the energy of a second is its mean power, whose windows share
 * every sample out, and not the line cycles accumulated in it, of which a second may
 * hold one more or less. */
#pragma once

#include "core/metering_state.h"

enum demand_kind { DEMAND_KW, DEMAND_KVAR, DEMAND_KVA, DEMANDS };
enum { DEMAND_SUBINTERVALS = 6, DEMAND_COALESCE_S = 10 };

struct demand_part {
    int64_t mj[DEMANDS]; /* energy, mJ */
    uint64_t us;
};

/* The part that power loss must not take. */
struct demand_maxima {
    int64_t import_uw[DEMANDS], export_uw[DEMANDS]; /* >= 0, <= 0 */
};

struct demand {
    struct demand_part part[DEMAND_SUBINTERVALS]; /* ended ones, newest first */
    uint8_t parts;                                /* how many have been seen */
    struct demand_part now;
    int64_t rest_uj[DEMANDS];
    int64_t present_uw[DEMANDS];
    struct demand_maxima maxima;
    bool start_asked, reset_asked;    /* commands 21211, 21212 */
    uint8_t start_quiet, reset_quiet; /* seconds for which a repeat waits */
};

/* Commands; they act at the end of the present second. A repeat within 10 s waits until
 * these are over; one of each kind waits, and not over power-off. */
void demand_ask_start(struct demand *d);
void demand_ask_reset(struct demand *d);

/* Energy of span_us at a second's powers, and time: what is not a whole second. */
void demand_energy(struct demand *d, const struct second *second, uint32_t span_us);
void demand_pass(struct demand *d, uint32_t us);

/* One second's energy. True when a sub-interval ended (or the maxima were reset). */
bool demand_second(struct demand *d, const struct settings *settings,
                   const struct second *second);
