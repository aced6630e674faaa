/* The copper of an RS-485 line: what its length, ends, stubs, bias and shield do to the
 * signal, in simple formulas. Each has its source in docs/rs485.md. A line without a
 * length is ideal. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum line_ends {
    LINE_ENDS_BOTH, /* 120 ohm at both ends, as it should be */
    LINE_ENDS_ONE,
    LINE_ENDS_NONE,
    LINE_ENDS_MIDDLE /* one at an end, the other half way */
};

struct line_cable {
    double length_m, stub_m; /* 0 m long: nothing of this acts */
    enum line_ends ends;
    double bias_ohm; /* each of two resistors at 5 V; 0: none */
    bool bare;       /* without a shield that is grounded */
};

/* What is left of the signal. */
struct line_signal {
    int64_t settle_ns; /* for so long after an edge the level is undefined */
    double far_mv;     /* between A and B at the far end, while somebody drives */
    double idle_mv;    /* … while nobody does */
};

/* Receivers may switch anywhere below this (TIA-485-A, 4.2). */
#define LINE_THRESHOLD_MV 200

struct line_signal line_cable_signal(const struct line_cable *c, int stations);

/* The chance that a receiver takes the idle line for a 0. */
double line_cable_float_share(const struct line_signal *s);

/* The amplitude of a pulse of noise, from an even share 0 … 1. */
double line_cable_pulse_mv(const struct line_cable *c, double share);
