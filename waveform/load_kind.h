/* Loads by kind. The rows of load_kind.def list the parameters of each kind. All work on
 * the voltages that are present; one grid may have several. */
#pragma once

#include "waveform/parameter.h"
#include "waveform/waveform.h"

enum waveform_load_kind {
#define L(id, name, text) WAVEFORM_LOAD_##id,
#include "waveform/load_kind.def"
    WAVEFORM_LOAD_KINDS
};

/* A star point on its own takes the potential that its impedances give it (Millman);
 * loads that are not impedances share it out as if they were at nominal voltage. */
enum waveform_connection {
    WAVEFORM_CONNECT_WYE,   /* each phase to neutral */
    WAVEFORM_CONNECT_STAR,  /* three phases to a star point, no neutral */
    WAVEFORM_CONNECT_DELTA, /* AB, BC, CA */
    WAVEFORM_CONNECT_AB
};

struct profile;

/* Of all kinds: `amps` of each branch (a phase, or a pair of lines) at nominal voltage,
 * or `amps_each`, or `kw` of all together; phases: bits 1, 2, 4, the branches there
 * are, 0 for all; volts across a branch for which it is made, 0: those of the grid when
 * it is added; at_s: seconds from now until it is switched on. */
struct waveform_load_spec {
    enum waveform_load_kind kind;
    enum waveform_connection connection;
    unsigned phases;
    double amps, amps_each[WAVEFORM_PHASES], kw, volts, at_s;
    double pf, leads, floor_percent, orders;
    double start_multiple, start_pf, time_constant_s;
    double delay_degrees, width_degrees, angle_degrees, on_cycles, off_cycles;
    double rise_s, set_s, day_s, clock_s, ramp_s, hold_s;
    const struct profile *profile; /* by reference */
};

struct load_row {
    const char *name, *text;
};

extern const struct load_row load_table[WAVEFORM_LOAD_KINDS];
extern const struct parameter load_parameters[];
extern const int load_parameter_count;

/* The initial values of a kind: no amps yet, all phases. */
struct waveform_load_spec load_defaults(enum waveform_load_kind kind);

/* All parameters of the kind lie in their ranges. */
bool load_valid(const struct waveform_load_spec *spec);
