/* How a served simulation is doing: speed, lag, requests, latency; for the status line
 * and as Prometheus text. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/gateway/latency.h"
#include "sim/plant/pace.h"
#include "sim/plant/sim.h"

struct vitals {
    const struct sim *sim;
    const struct gateway *gateway;
    struct pace *pace;
    const struct latency *latency;
    /* since the look before the last; made by vitals_update */
    double speed, requests_per_s, lag_s;
    /* of the last look */
    gint64 at_us;
    int64_t sim_ns;
    uint64_t requests;
};

/* Keeps the pointers. */
void vitals_start(struct vitals *v, const struct sim *sim,
                  const struct gateway *gateway, struct pace *pace,
                  const struct latency *latency);

/* To be called about once a second: what was since the call before. */
void vitals_update(struct vitals *v);

/* One line without its end; and the text format 0.0.4 of Prometheus. */
void vitals_print_line(const struct vitals *v, GString *text);
void vitals_print_metrics(const struct vitals *v, GString *text);

/* One of these metrics. */
void vitals_metric(GString *text, const char *name, const char *type, const char *help,
                   double value);
