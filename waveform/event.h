/* What happens to the grid: sags, swells, interruptions, jumps of phase, changes of
 * frequency, transients. The rows of event.def list the parameters of each kind. An event
 * begins at its own instant of the world's time, between two samples as it may fall;
 * the first sample after that is the first that it changes. */
#pragma once

#include "waveform/grid.h"
#include "waveform/parameter.h"

enum waveform_event_kind {
#define E(id, name, text) WAVEFORM_EVENT_##id,
#include "waveform/event.def"
    WAVEFORM_EVENTS
};

/* All kinds have: phases, bits 1, 2, 4 for A, B, C, 0 for all three (no meaning for the
 * frequency); at_s, seconds from now; on_wave: not before phase A is at point_degrees.
 */
struct waveform_event {
    enum waveform_event_kind kind;
    unsigned phases;
    double at_s, point_degrees;
    bool on_wave;
    double percent, duration_s, ramp_in_s, ramp_out_s, jump_degrees;
    double hz, hz_per_s, sigma_hz, limit_hz, seed;
    double volts, oscillation_hz, time_constant_s, start_degrees;
};

struct event_row {
    const char *name, *text;
};

extern const struct event_row event_table[WAVEFORM_EVENTS];
extern const struct parameter event_parameters[];
extern const int event_parameter_count;

/* The initial values of a kind, on all phases, now. */
struct waveform_event event_defaults(enum waveform_event_kind kind);

/* All parameters of the kind lie in their ranges. */
bool event_valid(const struct waveform_event *event);

#define EVENT_TICK 1e-9 /* s; what is nearer than this happens at once */

/* An event that is pending or active, in the world's time. */
struct event {
    struct waveform_event what;
    double start_s, end_s;         /* end: until nothing of it is left */
    double crest[WAVEFORM_PHASES]; /* of a transient, set where it starts */
    bool started;
};

/* Whether time t has reached the instant. */
bool event_reached(double t, double instant);

struct event event_schedule(const struct waveform_event *what, double now_s,
                            struct turn phase_a, double hz);

/* The factor on phase k's voltage at t, and whether it moves from there on. */
double event_factor(const struct event *e, int k, double t);
bool event_moves(const struct event *e, int k, double t);

/* By how much phase k has jumped at t, degrees. */
double event_jump(const struct event *e, int k, double t);

/* The next instant after t where it begins, ends or changes its law; INFINITY: none. */
double event_next(const struct event *e, double t);

bool event_is_frequency(const struct event *e);
bool event_is_transient(const struct event *e);
