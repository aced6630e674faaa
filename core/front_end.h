/* Whether the front end delivers: core's part that sets the processor's tick beside the
 * sample sets. While sets come, all metering time counts them. When none has come for a
 * second the front end is silent, and the tick ends the seconds, without readings, until
 * the next set: that instant ends the tick's time, and its part of a second is passed on
 * once. A shorter gap is lost time, which is counted. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
    SECOND_US = 1000000,
    /* By so much the main loop may see sets later than they come: it has answered a
     * request, ended a second and stored it, 3.3 ms on the physical board. */
    FRONT_END_GAP_US = 4000
};

struct front_end {
    uint32_t sets;      /* as many had come when sets were last seen to have come … */
    uint64_t last_us;   /* … and that was then */
    uint64_t second_us; /* silent: when the present second ends */
    uint32_t part_us;   /* of a second: passed on and not yet in the clock */
    bool silent;
    /* Counted since power-up. */
    uint32_t gaps;           /* shorter than a second … */
    uint64_t gaps_us;        /* … and their length */
    uint32_t silent_seconds; /* ended by the tick */
};

/* How many sets have come since it was asked last; `sets` in all. */
uint32_t front_end_new_sets(struct front_end *f, uint32_t sets, uint64_t now_us);

/* When the next second ends by the tick, if no set comes. */
uint64_t front_end_deadline(const struct front_end *f);

/* That second ends. Silence begins with the first one: part_us of it had passed when
 * the sets ended. */
void front_end_end_second(struct front_end *f, int32_t part_us);

/* Sets come again: of those `inside` belong to the second that begins (negative: so
 * many are missing to its beginning). Returns the tick's part of a second. */
uint32_t front_end_resume(struct front_end *f, int32_t inside, uint64_t now_us);

/* Seconds that parts have added up to: true once for each. */
bool front_end_next_second(struct front_end *f);
