/* The part of a unit that follows its control voltage. */
#pragma once

#include "hal_sim/unit.h"

/* n samples as the view gives them, the last of which is the present one. */
void unit_control_samples(struct unit *u, int n, double x[][WAVEFORM_BLOCK]);

/* After time has gone on: the supply goes and comes. And when it next does so;
 * INT64_MAX: not before the voltage changes. */
void unit_control_run(struct unit *u);
int64_t unit_control_next(const struct unit *u);

/* How long the meter goes on without control power that fails now. */
int64_t unit_ride_ns(const struct unit *u);

/* The fault control_low has changed. */
void unit_control_changed(struct unit *u);
