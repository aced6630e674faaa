/* See supervisor.h. */
#include "hal_sim/chips/supervisor.h"

static bool is_good(const struct supervisor *s, int64_t now_ns)
{
    const bool lasts = s->supplied || now_ns - s->since_ns < s->slow_ns;

    if (now_ns < s->until_ns)
        return lasts && (now_ns - s->from_ns) / SUPERVISOR_BOUNCE_NS % 2;
    return lasts && !s->stuck;
}

/* Shows what is, and asks for the moment at which that may change. */
void supervisor_run(struct supervisor *s, int64_t now_ns)
{
    int64_t at_ns = INT64_MAX;

    s->wires.good(s->wires.user, is_good(s, now_ns) ? PIN_HIGH : PIN_LOW, now_ns);
    if (now_ns < s->until_ns)
        at_ns = now_ns + SUPERVISOR_BOUNCE_NS;
    else if (!s->supplied && now_ns - s->since_ns < s->slow_ns)
        at_ns = s->since_ns + s->slow_ns;
    s->wires.due(s->wires.user, at_ns);
}

void supervisor_supply(struct supervisor *s, bool good, int64_t now_ns)
{
    if (good != s->supplied)
        s->since_ns = now_ns;
    s->supplied = good;
    supervisor_run(s, now_ns);
}

void supervisor_power(struct supervisor *s, bool on, int64_t now_ns)
{
    s->from_ns = s->until_ns = 0;
    s->supplied = !on;
    supervisor_supply(s, on, now_ns);
}

void supervisor_bounce(struct supervisor *s, int64_t for_ns, int64_t now_ns)
{
    s->from_ns = now_ns;
    s->until_ns = now_ns + for_ns;
    supervisor_run(s, now_ns);
}
