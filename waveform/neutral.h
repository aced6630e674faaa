/* The network behind the meter: three conductors and the neutral as four nodes, and the
 * loads as admittances between their six pairs. A conductor or a neutral that is cut
 * off floats to where the currents of its loads (Millman) and of the meter's own inputs
 * of 2.5 MΩ to N — 5 MΩ between lines — sum to zero. */
#pragma once

#include "waveform/waveform.h"

struct phasor {
    double re, im;
};

static inline struct phasor phasor_add(struct phasor a, struct phasor b)
{
    return (struct phasor){ a.re + b.re, a.im + b.im };
}

static inline struct phasor phasor_sub(struct phasor a, struct phasor b)
{
    return (struct phasor){ a.re - b.re, a.im - b.im };
}

static inline struct phasor phasor_multiply(struct phasor a, struct phasor b)
{
    return (struct phasor){ a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re };
}

static inline double phasor_square(struct phasor a)
{
    return a.re * a.re + a.im * a.im;
}

/* 0 where b is 0. */
static inline struct phasor phasor_divide(struct phasor a, struct phasor b)
{
    double size = phasor_square(b);
    struct phasor c = { a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im };
    return size > 0 ? (struct phasor){ c.re / size, c.im / size }
                    : (struct phasor){ 0, 0 };
}

enum { NEUTRAL_NODES = 4, NEUTRAL_N = 3, NEUTRAL_PAIRS = 6 };

/* Pairs of nodes: AB, BC, CA, AN, BN, CN. */
extern const uint8_t neutral_pair[NEUTRAL_PAIRS][2];

/* How each node is held. */
struct neutral_state {
    bool lost[WAVEFORM_PHASES], open;
    enum waveform_loss loss[WAVEFORM_PHASES];
    double backfed[WAVEFORM_PHASES]; /* times the sum of the other two */
    enum waveform_wiring wiring;     /* of the meter's inputs */
};

struct neutral_state neutral_state_of(const struct waveform_grid *grid,
                                      const struct waveform_disturbance *disturbance,
                                      enum waveform_wiring wiring);

/* What a motor on the other two phases makes of the open one, `seconds` after the loss:
 * its phasor over the healthy one. With I = 0 in the open phase, the components are in
 * the ratio Z1/Z2 of the machine's impedances, and V/V healthy = −½ + 3/2 · (Z1 − Z2) ÷
 * (Z1 + Z2) (Wagner and Evans, Symmetrical Components, 1933: one open conductor). Near
 * synchronous speed Z1 is 20 to 40 times Z2: 0.86 to 0.93; at rest they are equal: −½,
 * as through a transformer. The share of the turning field, share + ½, decays with the
 * time constant slows_s. */
double neutral_motor_share(double share, double slows_s, double seconds);

/* Three admittances to a star point that is connected to nothing else. */
void neutral_add_star(struct phasor pair[NEUTRAL_PAIRS],
                      const struct phasor y[WAVEFORM_PHASES]);

/* Whether any node floats, so that the loads decide about voltages. */
bool neutral_floats(const struct neutral_state *s);

/* Whether current can flow through the pair: neither of its conductors is dead or
 * backfed by something else. */
bool neutral_conducts(const struct neutral_state *s, int pair);

/* Potential of each node, per volt of each of the sources, against the sources'
 * neutral, with loads of `y` siemens between the pairs. */
void neutral_solve(const struct neutral_state *s, const struct phasor y[NEUTRAL_PAIRS],
                   struct phasor t[NEUTRAL_NODES][WAVEFORM_PHASES]);
