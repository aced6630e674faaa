/* See transceiver.h. */
#include "hal_sim/chips/transceiver.h"

void transceiver_power(struct transceiver *t)
{
    t->drives = false;
    t->since_ns = 0;
}

bool transceiver_enable(struct transceiver *t, bool on, int64_t now_ns)
{
    if (on == t->drives)
        return false;
    t->drives = on;
    t->since_ns = now_ns;
    return true;
}

bool transceiver_sends(struct transceiver *t, int64_t start_ns)
{
    const bool whole =
        t->drives && t->since_ns <= start_ns && t->stuck != TRANSCEIVER_NEVER_DRIVES;

    t->cut += !whole;
    return whole;
}

static bool is_nth(uint32_t one_in, uint32_t n)
{
    return one_in && n % one_in == 0;
}

bool transceiver_receives(struct transceiver *t, int64_t now_ns, unsigned *flaws)
{
    *flaws = 0;
    if (t->drives || t->stuck == TRANSCEIVER_NEVER_RECEIVES ||
        (t->since_ns && now_ns < t->since_ns + t->slow_ns))
        return false;
    t->received++;
    if (is_nth(t->broken_one_in, t->received))
        *flaws |= TRANSCEIVER_FRAMING;
    if (is_nth(t->overrun_one_in, t->received))
        *flaws |= TRANSCEIVER_OVERRUN;
    return true;
}
