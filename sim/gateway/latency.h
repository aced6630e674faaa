/* How long things took, as a histogram of fixed bounds: what a Prometheus histogram is
 * made of. Counting costs a few instructions and no memory. */
#pragma once

#include <stdint.h>

enum { LATENCY_BOUNDS = 14 };

/* Seconds; the last bucket, beyond the last bound, has no limit. */
extern const double latency_bound_s[LATENCY_BOUNDS];

struct latency {
    uint64_t count[LATENCY_BOUNDS + 1];
    uint64_t total;
    double sum_s;
};

void latency_add(struct latency *l, double seconds);

/* The bound below which this share (0…1) of all lies; 0 without any; the last bound
 * when it lies beyond. */
double latency_quantile(const struct latency *l, double share);
