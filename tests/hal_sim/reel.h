/* A unit's tape in memory, and the unit that most tests of units take. */
#pragma once

#include "hal_sim/unit.h"
#include "tests/support/check.h"

enum { REEL_BYTES = 16 << 20 };

struct reel {
    size_t size;
    uint8_t bytes[REEL_BYTES];
};

/* The sink of a unit; its user is the reel. */
static inline void reel_keep(void *user, const struct tape_record *record)
{
    struct reel *reel = user;

    assert_true(reel->size + TAPE_HEADER + record->size <= REEL_BYTES);
    reel->size += tape_encode(record, reel->bytes + reel->size);
}

/* The next record, and `at` behind it; false: there is none. */
static inline bool reel_next(const struct reel *reel, size_t *at,
                             struct tape_record *record)
{
    if (*at >= reel->size)
        return false;
    long size = tape_decode(record, reel->bytes + *at, reel->size - *at);
    assert_true(size > 0);
    *at += (size_t)size;
    return true;
}

/* An s4100 on a wye with CTs of 100 A, 1 V. */
static inline struct unit_options reel_unit(uint64_t seed)
{
    return (struct unit_options){ .model = &model_s4100,
                                  .wiring = WAVEFORM_WYE,
                                  .ct_primary_a = 100,
                                  .ct_output_v = 1,
                                  .pt_ratio = 1,
                                  .serial_number = 1234567,
                                  .seed = seed };
}
