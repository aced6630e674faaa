/* The iron core of a saturating CT, in the time domain.
 *
 * The secondary emf is what drives the secondary current through Rt, and it is the rate
 * of the flux: dψ/dt = Rt·(i − im(ψ)), with an anhysteretic im of two slopes. Flux is
 * reckoned as φ = ψ ÷ Lm, the magnetising current that an unsaturated core would need,
 * in multiples of rated current: dφ/dt = (i − g(φ)) ÷ T, T = Lm ÷ Rt, g(φ) = φ to the
 * knee, 1000 times as steep beyond. Solved by the trapezoidal rule in 8 steps a sample,
 * each in closed form.
 *
 * Hysteresis: φ is drawn to a rest flux φr instead of 0, dφ/dt = (i + φr − g(φ)) ÷ T. φr
 * follows φ with play (Prandtl's backlash operator; Visintin, Differential Models of
 * Hysteresis, 1994): it stays while |φ − φr| is below (1 − kept) · knee, else it is
 * dragged along. So saturation leaves `kept` of the knee (20 to 80 %: IEEE C37.110), no
 * load whose flux swings by less changes it, and an alternating current that shrinks
 * from saturation to nothing demagnetises. kept = 0: φr is always 0.
 *
 * Between samples the current is the cubic through the last four samples, which needs
 * no look-ahead, so the output is not late. Its integral over a sample is wrong by
 * 19/720·(ωt)⁴, t = 1/2520 s: 0.0013 % at 60 Hz, 0.11 % at 180 Hz, 0.8 % at 300 Hz, 3 %
 * at 420 Hz of that component's share of the flux; the current itself is exact at the
 * samples. The steps miss the moment of the knee by part of a step: in saturation the
 * output is within 0.4 % of rated current (rms) of a fine integration (test_ct_core.c).
 * What aliases is taken for what it looks like. */
#pragma once

#include "core/hal.h"
#include <stdbool.h>

enum { CT_CORE_STEPS = 8, CT_CORE_STEEPER = 1000, CT_CORES = 4 /* at once */ };

struct ct_core {
    double knee; /* flux there */
    double dc;   /* added to the primary current */
    double gain; /* from secondary current to what comes out */
    /* Of a step: r = φ + half·g(φ) is what it starts from; φ − half·g(φ) = q_r·r +
     * q_beyond·(r beyond limit) is what it leaves; g(φ) likewise. */
    double half, limit, q_r, q_beyond, g_r, g_beyond;
    double kept; /* share of the knee that saturation leaves */
    /* state */
    double r, rest; /* rest: φr */
    double last[3]; /* primary current of the samples before, the newest first */
    bool fresh;     /* there were none */
};

/* rated_knee: the sine, × rated current at 60 Hz, that just reaches the knee;
 * lead_tangent: Rt ÷ ωLm at 60 Hz, above 0; dc in multiples of rated current. Flux and
 * history stay. */
void ct_core_prepare(struct ct_core *c, double rated_knee, double lead_tangent,
                     double dc, double gain);

/* From now on; a rest flux beyond it goes. */
void ct_core_set_hysteresis(struct ct_core *c, double kept);

/* Without flux and history; the next sample is taken for those before it. */
void ct_core_start(struct ct_core *c);

/* The flux is put to this share of the knee, and rests there as far as hysteresis keeps
 * it. */
void ct_core_magnetise(struct ct_core *c, double share);

/* n samples of the primary current of each core, x[core][sample], × rated, become
 * output. */
void ct_core_run(struct ct_core *const core[], int cores, int n, double *const x[]);

/* The same of at most WAVEFORM_BLOCK samples, without hysteresis, of cores that are no
 * longer fresh (ct_core_kernel.c). */
void ct_core_kernel(struct ct_core *const core[], int cores, int n, double *const x[]);
