/* One accuracy case: the world that a row of an accuracy file describes, and the run of
 * a meter in it. The form of the file is described in docs/accuracy.md. */
#pragma once

#include "hal_sim/unit.h"
#include "sim/factory/meter_call.h"
#include "sim/program/csv.h"

enum { CASE_EVENTS = 8, CASE_FAULTS = 40, CASE_CT_A = 100, CASE_INPUT_V = 347 };

enum case_event_kind { EVENT_AMPLITUDE, EVENT_RAMP, EVENT_ALTERNATE, EVENT_SUPPLY };

struct case_event {
    enum case_event_kind kind;
    double t0, t1; /* s; ALTERNATE: period, duty */
    double a, b;   /* kv, ki; f0, f1 */
};

struct case_fault {
    enum fault_id fault;
    int phase;
    double value;
};

struct accuracy_case {
    const char *id;
    const struct model *model;
    int system_type;
    double hz, seconds;
    struct waveform_line line[WAVEFORM_LINES];
    int lines;
    struct case_event event[CASE_EVENTS];
    int events;
    struct case_fault fault[CASE_FAULTS];
    int faults;
    const struct meter_constants *constants; /* of the meter; NULL: none */
    double adc_dc_v, adc_dc_a;
    double ct_a, volts;       /* settings chosen for the case */
    double demand_kw, pulses; /* expected, from aux; NaN: not stated */
    bool rolling;             /* a rolling demand, for which the file has no settings */
    bool compensated;         /* judged against the world without its sensor fault */
};
