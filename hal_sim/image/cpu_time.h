/* The time that instructions take (--cpu). They are counted by blocks, the runs of
 * instructions between two branches; a block takes its instructions times the cycles of
 * one, which are drawn from a range, and interrupts come between blocks. Cycles of the
 * real processor vary with wait states, caches and operands (PM0214, 2.2; RM0090, 3.5):
 * a range is all that is claimed. The same seed gives the same times. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct store;

/* Cycles of an instruction, in thousandths; most 0: instructions take no time. */
struct cpu_cycles {
    uint32_t least, most;
};
enum { CPU_CYCLES_USUAL = 1900, CPU_CYCLES_MIN = 1000, CPU_CYCLES_MAX = 10000 };

struct cpu_time {
    struct cpu_cycles cycles;
    uint64_t random;  /* state of the numbers that are drawn */
    uint64_t left_fs; /* of the ns that has begun */
    uint64_t instructions, blocks;
};

/* At power-up. */
void cpu_time_start(struct cpu_time *t, uint64_t seed);

static inline bool cpu_time_passes(const struct cpu_time *t)
{
    return t->cycles.most != 0;
}

/* Counts a block: the ns that it takes at so many femtoseconds a clock. */
int64_t cpu_time_block(struct cpu_time *t, unsigned instructions, uint64_t clock_fs);

/* All but the range, which is the run's. */
void cpu_time_store(struct cpu_time *t, struct store *s);
