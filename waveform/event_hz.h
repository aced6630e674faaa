/* The frequency as it moves: steps, linear ramps, a seeded random walk. Changes fall
 * between samples; at the first sample after one, event_hz_pass says by how many turns
 * the phase differs from that of a frequency that had gone on as before. So the phase
 * is the exact integral of the frequency. */
#pragma once

#include "waveform/event.h"

struct event_hz {
    double slope, to_hz, end_s; /* slope in Hz/s, 0: no ramp */
    bool walks;
    double next_s, stop_s, centre_hz, sigma_hz, limit_hz;
    uint64_t random;
};

/* At time t, where the frequency has gone on to *hz: what has changed until t. Returns
 * the turns to be added to the phase. */
double event_hz_pass(struct event_hz *p, double t, double *hz);

/* An event begins, at or before t; ends what went on. As event_hz_pass. */
double event_hz_start(struct event_hz *p, const struct event *e, double t, double *hz);

/* Next change after t; INFINITY: none. */
double event_hz_next(const struct event_hz *p, double t);
