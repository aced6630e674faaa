/* What tests of samples share: the same samples must come in whatever fills they are
 * taken, and be the same to the bit on every machine. The world is a function of the
 * test that fills it to the end and hashes all samples; its fills have sizes from
 * `seed`, 0: as large as they can be. */
#pragma once

#include "waveform/base/random.h"
#include "waveform/waveform.h"
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define FILLS_PRIME UINT64_C(0x100000001b3) /* of FNV-1a */

struct fills {
    bool whole;
    uint64_t random;
};

static inline struct fills fills_start(uint64_t seed)
{
    return (struct fills){ seed == 0, seed };
}

/* How many of the samples that are left come next. */
static inline int fills_next(struct fills *f, int left)
{
    int size =
        f->whole ? WAVEFORM_BLOCK : 1 + (int)(random_next(&f->random) % WAVEFORM_BLOCK);
    return size < left ? size : left;
}

static inline void fills_do_not_matter(uint64_t (*hash_world)(uint64_t seed),
                                       uint64_t seeds)
{
    uint64_t whole = hash_world(0);
    for (uint64_t seed = 1; seed < seeds; seed++)
        assert_true(hash_world(seed) == whole);
}

static inline void fills_are_golden(uint64_t (*hash_world)(uint64_t seed),
                                    uint64_t golden)
{
    uint64_t hash = hash_world(0);
    if (hash != golden)
        fail_msg("hash of the samples is 0x%016" PRIx64, hash);
}
