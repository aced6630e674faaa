/* Samples into blocks. See acquire.h. */
#include "core/acquire.h"
#include <string.h>

static uint8_t waiting(const struct acquire *a)
{
    return (uint8_t)(a->finished - a->received);
}

/* The fences hold for the interrupt, which is the same processor. */
void acquire_restart(struct acquire *a)
{
    a->closed = true;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    memset(a->ring, 0, sizeof a->ring);
    a->filling = a->fill = 0;
    a->finished = a->received = 0;
    a->lost = 0;
    a->starts = (uint8_t)(a->starts + 1);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    a->closed = false;
}

/* An overrun, when nobody took the block before, fills the same block anew. */
static void finish_block(struct acquire *a)
{
    a->fill = 0;
    if (waiting(a) == ACQUIRE_BLOCKS - 1 - ACQUIRE_SEEN) {
        a->lost++;
        return;
    }
    a->filling = (uint8_t)((a->filling + 1) % ACQUIRE_BLOCKS);
    a->finished++;
}

bool acquire_samples(struct acquire *a, const int32_t x[][BLOCK], uint32_t count)
{
    uint32_t copied = 0;
    bool whole = false;

    a->sets += count;
    if (a->closed)
        return false;
    while (copied < count) {
        uint32_t n = BLOCK - a->fill;
        if (n > count - copied)
            n = count - copied;
        if (n == BLOCK) /* which is in one piece there and here */
            memcpy(a->ring[a->filling].x, x, sizeof a->ring[0].x);
        else
            for (int ch = 0; ch < HAL_CHANNELS; ch++)
                memcpy(&a->ring[a->filling].x[ch][a->fill], &x[ch][copied],
                       n * sizeof(int32_t));
        copied += n;
        a->fill = (uint8_t)(a->fill + n);
        if (a->fill < BLOCK)
            continue;
        finish_block(a);
        whole = true;
    }
    return whole;
}

bool acquire_next(struct acquire *a, struct block *seen[ACQUIRE_SEEN])
{
    if (!waiting(a))
        return false;
    unsigned oldest = (unsigned)(a->filling + ACQUIRE_BLOCKS - waiting(a));
    for (unsigned k = 0; k < ACQUIRE_SEEN; k++)
        seen[k] = &a->ring[(oldest + ACQUIRE_BLOCKS - k) % ACQUIRE_BLOCKS];
    a->received++;
    return true;
}
