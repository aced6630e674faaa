/* The load as it was asked for: constant currents, or those that make so many kilowatts
 * at the present voltages. Lag is positive for inductive loads; export turns the current
 * around, so that P and Q both change their sign. */
#pragma once

#include "waveform/base/store.h"
#include "waveform/waveform.h"

struct site_meter;

struct site_load {
    bool given;
    bool has_kw, kw_each; /* kilowatts of each phase, or kw[0] of all together */
    bool has_kvar, kvar_each;
    double amps[3], kw[3], kvar[3];
    double lag_degrees[3]; /* with export, turned by half a turn */
    double pf[3];          /* |P| ÷ S of the fundamental */
    unsigned phases;       /* bits 0-2 */
    bool ab;               /* from A to B */
    struct waveform_harmonics harmonics[3];
};

/* Phase k by its power factor, -1 to 1 (below 0: P flows back), or by its lag. */
void site_load_set_pf(struct site_load *load, int k, double pf, bool leading);
void site_load_set_lag(struct site_load *load, int k, double degrees);

/* Currents of three wires that do not sum to zero: what is left over, of which order of
 * harmonics (1: the fundamental). */
struct site_load_sum {
    double amps[3], left, order;
};

/* Becomes the meter's, by its wiring, and part of its feeder's. 0 or an error
 * (site.h); `sum` is given with SITE_ERROR_NO_WAY_BACK. */
int site_load_apply(const struct site_load *load, struct site_meter *m,
                    struct site_load_sum *sum);

/* Both ways (waveform/base/store.h). */
void site_load_store(struct store *st, struct site_load *load);
