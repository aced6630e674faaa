/* The time that instructions take. See cpu_time.h. */
#include "hal_sim/image/cpu_time.h"
#include "waveform/base/random.h"
#include "waveform/base/store.h"

enum { FS_OF_NS = 1000000, MILLI = 1000 };

void cpu_time_start(struct cpu_time *t, uint64_t seed)
{
    *t = (struct cpu_time){ .cycles = t->cycles, .random = seed };
}

/* The upper half of the number, scaled to the range: no value is favoured by more than
 * one in 2^19. */
static uint64_t draw(struct cpu_time *t)
{
    const uint64_t range = t->cycles.most - t->cycles.least;

    if (range == 0)
        return t->cycles.least;
    return t->cycles.least + ((random_next(&t->random) >> 32) * (range + 1) >> 32);
}

int64_t cpu_time_block(struct cpu_time *t, unsigned instructions, uint64_t clock_fs)
{
    t->blocks++;
    t->instructions += instructions;
    t->left_fs += instructions * draw(t) * clock_fs / MILLI;
    const uint64_t ns = t->left_fs / FS_OF_NS;
    t->left_fs %= FS_OF_NS;
    return (int64_t)ns;
}

void cpu_time_store(struct cpu_time *t, struct store *s)
{
    STORE(s, t->random);
    STORE(s, t->left_fs);
    STORE(s, t->instructions);
    STORE(s, t->blocks);
    s->failed |= t->left_fs >= FS_OF_NS;
    t->left_fs %= FS_OF_NS;
}
