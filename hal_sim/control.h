/* Control power that is wired to the meter's own voltage terminals, behind PTs and
 * fuses. The supply conducts while the voltage is above the peak of 90 V rms (manuals,
 * "Control Power": 90 V min.); without that it runs on what its capacitor held at the
 * last peak: 100 ms at 120 V (manuals, "Ride Through Time"), by the square of the
 * voltage, 1 s at most. */
#pragma once

#include "waveform/waveform.h"
#include <stdbool.h>
#include <stdint.h>

enum control_wiring {
    CONTROL_SEPARATE, /* of its own, 120 V */
    CONTROL_AN,
    CONTROL_BN,
    CONTROL_CN,
    CONTROL_AB,
    CONTROL_BC,
    CONTROL_CA
};

struct control {
    enum control_wiring wired;
    bool lost;                /* it has taken the supply away, and gives it back */
    int64_t charged_ns;       /* the last sample at which the supply conducted … */
    int64_t since_ns;         /* … and the first one after a pause */
    double peak, peak_before; /* of the last two cycles in which it did, V */
    int64_t block_ns;         /* since when peak is measured */
};

enum {
    CONTROL_PAUSE_NS = 25000000,
    CONTROL_BLOCK_NS = 16000000,
    CONTROL_START_NS = 1000000000
};

/* "A-B" …; NULL: out of range. */
const char *control_name(int wired);

/* Whether the meter has these terminals. */
bool control_fits(enum control_wiring wired, enum waveform_wiring wiring);

/* The two terminals, 0-2; 3: N. */
void control_terminals(enum control_wiring wired, int terminal[2]);

void control_start(struct control *c, enum control_wiring wired, int64_t now_ns);

/* A block of n samples has the peak |v| of `volts`; the last sample at which it
 * conducted came at `charged_ns` (0: none did), the first at `first_ns`. */
void control_charge(struct control *c, double volts, int64_t first_ns,
                    int64_t charged_ns);

/* Ride-through at this voltage (rms), with a capacitor that holds `capacitor_ms` of the
 * 100 ms of a new one. */
int64_t control_ride_ns(double volts, double capacitor_ms);

#define CONTROL_VOLTS_MIN 90.0
#define CONTROL_VOLTS     120.0 /* of a separate supply, and of the manuals' ride-through */
