/* Shapes of load currents as exact Fourier series: closed forms, no transform of
 * samples. A shape is periodic in the phase θ of the voltage that drives it (θ = 0
 * where that crosses zero upwards): i = √2·Σ (re·sin hθ + im·cos hθ), order 0: i = re.
 */
#pragma once

#include "waveform/base/turn.h"

enum { SHAPE_ORDERS = 400 }; /* the highest order */

struct shape_line {
    double order, re, im;
};

/* `line` has room for `capacity`; what does not fit is left out and `count` shows it.
 */
struct shape {
    int count, capacity;
    struct shape_line *line;
};

void shape_add(struct shape *s, double order, double re, double im);

/* Blocks of a drive with a smooth direct current, delayed by `delay_degrees`; 6 pulses:
 * blocks of 120°, orders 6k ± 1; 12 pulses: orders 12k ± 1. Fundamental: 1 A rms. */
void shape_pulses(struct shape *s, int pulses, double delay_degrees, int orders);

/* A rectifier into a capacitor: half-cosine pulses of `width_degrees` (1…179) about the
 * crests. Fundamental: 1 A rms. */
void shape_rectifier(struct shape *s, double width_degrees, int orders);

/* A resistor of 1 A rms, fired at `angle_degrees` (0…180) after each zero crossing. */
void shape_phase_fired(struct shape *s, double angle_degrees, int orders);

/* A resistor of 1 A rms on the positive halves; has DC. */
void shape_half_wave(struct shape *s, int orders);

/* A resistor of 1 A rms that is on for `on` cycles and off for `off`: lines at
 * multiples of 1/(on + off) of the fundamental. */
void shape_burst(struct shape *s, int on, int off, int orders);

/* Notches of a bridge's commutation in a phase voltage of 1 V rms: in each half wave
 * two, at 30° and 150° plus `delay_degrees`, `width_degrees` wide, towards zero by
 * `depth` of the crest. The difference from the sine only. */
void shape_notches(struct shape *s, double depth, double width_degrees,
                   double delay_degrees, int orders);
