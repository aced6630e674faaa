/* A histogram of times. See latency.h. */
#include "sim/gateway/latency.h"

const double latency_bound_s[LATENCY_BOUNDS] = { 2e-6, 5e-6, 1e-5, 2e-5, 5e-5,
                                                 1e-4, 2e-4, 5e-4, 1e-3, 2e-3,
                                                 5e-3, 1e-2, 5e-2, 0.25 };

void latency_add(struct latency *l, double seconds)
{
    int n = 0;

    while (n < LATENCY_BOUNDS && seconds > latency_bound_s[n])
        n++;
    l->count[n]++;
    l->total++;
    l->sum_s += seconds;
}

double latency_quantile(const struct latency *l, double share)
{
    uint64_t below = 0;

    if (l->total == 0)
        return 0;
    for (int n = 0; n < LATENCY_BOUNDS; n++) {
        below += l->count[n];
        if ((double)below >= share * (double)l->total)
            return latency_bound_s[n];
    }
    return latency_bound_s[LATENCY_BOUNDS - 1];
}
