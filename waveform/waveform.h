/* The electrical world of one meter: three phase voltages and three line currents.
 *
 * A world is compiled into a *spectrum*: a few lines, each with one frequency and a
 * complex amplitude per channel. Everything linear is a change of lines, so the samples
 * (waveform_fill) and the exact values (waveform_truth) are two independent readings of
 * the same lines. Phases are 64-bit fractions of a turn, advanced exactly, so that a
 * change of frequency or amplitude never makes the wave jump.
 *
 * Units: V and A rms, degrees, Hz, seconds. A voltage is that of the conductor at the
 * meter's terminal against the system's neutral (or earth where there is no neutral).
 * Signs: current is positive when power flows to the load; a lagging (inductive) load
 * has a current angle below its voltage's.
 *
 * No libm trigonometry is used for samples (its last bit depends on the processor):
 * waveform/base/turn.h has the project's own. */
#pragma once

#include "waveform/wiring.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    WAVEFORM_PHASES = 3,
    WAVEFORM_CHANNELS = 6,   /* Va Vb Vc Ia Ib Ic */
    WAVEFORM_BLOCK = 42,     /* samples per channel in a full block */
    WAVEFORM_LINES = 160,    /* spectral lines in one world */
    WAVEFORM_HARMONICS = 40, /* entries in one harmonic list */
    WAVEFORM_HZ_MIN = 1,     /* range of a grid; meters measure 45 to 65 */
    WAVEFORM_HZ_MAX = 1000
};

enum waveform_channel {
    WAVEFORM_VA,
    WAVEFORM_VB,
    WAVEFORM_VC,
    WAVEFORM_IA,
    WAVEFORM_IB,
    WAVEFORM_IC
};

/* One spectral line: x_ch(t) = √2·(re·sin θ + im·cos θ), θ = 2π·order·f·t; so `re`,
 * `im` are the rms phasor of sin(θ + angle). order 0 is DC: x = re. Orders may be real.
 */
struct waveform_line {
    double order;
    double re[WAVEFORM_CHANNELS], im[WAVEFORM_CHANNELS];
};

/* A harmonic of a voltage or current: `order` × the fundamental, `percent` of it, at
 * `degrees`: the angle of the component at the instant at which the fundamental of its
 * own phase crosses zero upwards. */
struct waveform_harmonic {
    double order, percent, degrees;
};

struct waveform_harmonics {
    int count;
    struct waveform_harmonic item[WAVEFORM_HARMONICS];
};

/* The grid: per phase the rms of the fundamental, L-N, and its angle. */
struct waveform_grid {
    double hz;
    double volts[WAVEFORM_PHASES], degrees[WAVEFORM_PHASES];
    struct waveform_harmonics harmonics[WAVEFORM_PHASES];
    bool lost[WAVEFORM_PHASES]; /* phase dead: its conductor carries 0 V */
};

/* What a phase that is lost (`lost` of the grid) carries. A dead conductor is at 0 V.
 * One that floats is held by the loads and by the meter's own inputs (neutral.h). One
 * that is backfed, by a transformer or a delta load, lies midway between the other two:
 * −½ of the healthy phasor. A motor that still turns holds it near its old phasor
 * (neutral_motor_share). */
enum waveform_loss {
    WAVEFORM_LOSS_DEAD,
    WAVEFORM_LOSS_FLOATING,
    WAVEFORM_LOSS_BACKFED,
    WAVEFORM_LOSS_MOTOR
};

/* Steady disturbance of the grid; all zeros: none. Flicker: the voltages are modulated at
 * `flicker_hz`, from crest to crest by `flicker_percent` of themselves (as IEC
 * 61000-4-15 counts), by a sine or a rectangle. Notches: shape_notches in shape.h, up
 * to the order `notch_orders` (0: 50). Neutral open: it floats between the loads
 * (Millman). */
struct waveform_disturbance {
    enum waveform_loss loss[WAVEFORM_PHASES];
    double motor_share[WAVEFORM_PHASES]; /* of the healthy phasor, when it is lost */
    double motor_slows_s;                /* time constant; 0: it goes on turning */
    bool neutral_open;
    /* By these shares flicker and notches are less in each phase: 1, none. */
    double flicker_less[WAVEFORM_PHASES], notch_less[WAVEFORM_PHASES];
    double flicker_hz, flicker_percent;
    bool flicker_rectangular;
    double notch_percent, notch_width_degrees, notch_delay_degrees;
    int notch_orders;
};

/* A load of constant current: per phase the rms of the fundamental, A, and its angle
 * against the fundamental of the phase's own voltage (positive = current lags). A phase
 * that is lost draws nothing. Between A and B (`ab`): the current of phase A is against
 * Va − Vb and returns through B, volts of phase C are not used. On three wires
 * (WAVEFORM_DELTA) angles are against the star point and become such that the currents
 * sum to zero (three_wires.h). */
struct waveform_load {
    double amps[WAVEFORM_PHASES], lag_degrees[WAVEFORM_PHASES];
    struct waveform_harmonics harmonics[WAVEFORM_PHASES];
    bool ab;
};

/* Exact values, by the meter's inputs: A of a meter that is wired B-N is on conductor B.
 * Those that the wiring does not have are 0. vll: AB, BC, CA.
 * q: fundamental reactive power, + for inductive import (IEC 62053-24). s of a phase is
 * V·I; total s is the vector sum √((Σp)²+(Σq)²+(Σd)²), d = √(s²−p²−q²). Energy in Wh
 * and varh since waveform_new, split by the sign of the power. DC is not part of any
 * value. */
struct waveform_truth {
    double hz;
    double v[WAVEFORM_PHASES], vll[WAVEFORM_PHASES], i[WAVEFORM_PHASES];
    double p[WAVEFORM_PHASES], q[WAVEFORM_PHASES], s[WAVEFORM_PHASES],
        pf[WAVEFORM_PHASES];
    double p_total, q_total, s_total, pf_total;
    double wh_import[WAVEFORM_PHASES], wh_export[WAVEFORM_PHASES];
    double wh_import_total, wh_export_total;
    double varh_total; /* signed */
};

/* Under an envelope that moves (a ramp, an inrush, a profile) the values are those of
 * the steady state with the envelope where it is now, and energy is the integral of the
 * powers of these states: power averaged over the cycle, envelopes as they are.
 * Transients have frequencies of their own and no power. */
struct waveform;
struct recording;
struct profile;

/* A dead world: 60 Hz, no voltage, no current. 2520 samples a second. Aborts without
 * memory. */
struct waveform *waveform_new(enum waveform_wiring wiring);
void waveform_free(struct waveform *w);
enum waveform_wiring waveform_wiring(const struct waveform *w);

/* Samples per second of the meter (its clock error changes it). The world's
 * time advances by n / rate seconds per fill. */
void waveform_set_rate(struct waveform *w, double samples_per_s);

/* Take effect at the next sample; phases go on without a jump. Loads replace one
 * another. Setting a grid, a load or lines ends a recording that plays. */
void waveform_set_grid(struct waveform *w, const struct waveform_grid *grid);
void waveform_set_load(struct waveform *w, const struct waveform_load *load);
struct waveform_grid waveform_grid(const struct waveform *w);
struct waveform_load waveform_load(const struct waveform *w);

/* Takes effect at the next sample. -1: a value out of range (notches above order
 * SHAPE_ORDERS, no flicker frequency, negative widths), nothing changed. */
int waveform_set_disturbance(struct waveform *w,
                             const struct waveform_disturbance *disturbance);
const struct waveform_disturbance *waveform_disturbance(const struct waveform *w);

/* Loads besides the one of waveform_set_load (load_kind.h). -1: not a load, or no
 * room. Clearing leaves that of waveform_set_load alone. */
struct waveform_load_spec;
int waveform_add_load(struct waveform *w, const struct waveform_load_spec *spec);
void waveform_clear_loads(struct waveform *w);

/* An event now or later (event.h), on the exact sample. -1: not an event, or no room.
 * Clearing ends all, at the next sample, and leaves the frequency where it is. */
struct waveform_event;
int waveform_add_event(struct waveform *w, const struct waveform_event *event);
void waveform_clear_events(struct waveform *w);

/* Raw lines instead of grid and load, fundamental `hz`; ends disturbance, events and added
 * loads, as a recording does. Returns 0, or -1 when count is
 * outside 0…WAVEFORM_LINES. */
int waveform_set_lines(struct waveform *w, double hz, const struct waveform_line *line,
                       int count);

/* Plays a recording from its first sample (by reference; must outlive the world or
 * the next call). After its end comes what its at_end says. NULL ends it, and the world
 * is dead. The truth of a recording: p, v, i … are of the last second played, energy is
 * exact. */
void waveform_play(struct waveform *w, const struct recording *recording);
bool waveform_plays(const struct waveform *w);

/* Is the recording played, the profile drawn by an added load, here? What is not in use
 * anywhere may be freed. */
bool waveform_uses_recording(const struct waveform *w, const struct recording *r);
bool waveform_uses_profile(const struct waveform *w, const struct profile *p);

/* The linear view of an observer: y = H(f)·x, a matrix of complex gains over the six
 * channels, called once per line and change. A meter's view is its wiring, its
 * transformers and its analogue filters. Samples are of y; the truth stays that of x.
 * For DC, hz is 0 and the real part is used. A recording has no lines: the real part of
 * H at its line frequency is used. */
typedef void (*waveform_view)(void *user, double hz,
                              double re[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS],
                              double im[WAVEFORM_CHANNELS][WAVEFORM_CHANNELS]);

/* Takes effect at the next sample. To be called again when the view changes; NULL:
 * plain sight. */
void waveform_set_view(struct waveform *w, waveform_view view, void *user);

/* The angle by which the current of a load lags at this power factor (negative leads
 * where `leading`; beyond 90 degrees where pf is negative), the same on every
 * processor. */
double waveform_lag_degrees(double pf, bool leading);

/* The next n samples (1…WAVEFORM_BLOCK) of every channel, V and A. */
void waveform_fill(struct waveform *w, int n, double x[][WAVEFORM_BLOCK]);

/* All of the world as bytes: grid, loads with their profiles, events, phases, energies,
 * the block that is being handed out. Save changes nothing; restore replaces what w
 * was, and its samples and truth then go on from where the saved world's did, to the
 * bit. The view is not in the bytes: restore needs one where there was one, as it was.
 * -1: a recording plays, which cannot be saved; or the bytes are not valid: w can then
 * only be freed. */
struct store;
int waveform_save(const struct waveform *w, struct store *s);
int waveform_restore(struct waveform *w, struct store *s);

/* Parts of it, both ways (store.h). */
void waveform_store_grid(struct store *s, struct waveform_grid *grid);
struct waveform_line;
void waveform_store_line(struct store *s, struct waveform_line *line);
void waveform_store_harmonics(struct store *s, struct waveform_harmonics *h);
void waveform_store_load(struct store *s, struct waveform_load *load);
void waveform_store_disturbance(struct store *s,
                                struct waveform_disturbance *disturbance);

void waveform_truth(const struct waveform *w, struct waveform_truth *truth);
