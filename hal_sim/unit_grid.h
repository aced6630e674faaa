/* The grid of a unit, with its faults. Part of unit.h. */
#pragma once

#include "waveform/waveform.h"

struct unit;

/* The grid and its disturbance as asked for; the world has them with the grid's faults in
 * force. Disturbance: -1 when it cannot be. */
void unit_set_grid(struct unit *u, const struct waveform_grid *grid);
struct waveform_grid unit_grid(const struct unit *u);
int unit_set_disturbance(struct unit *u,
                         const struct waveform_disturbance *disturbance);
void unit_grid_faults(struct unit *u); /* after they have changed */

/* Makes room for what was asked for, or frees it, where it is not as `shaped` says. Aborts
 * without memory. */
void unit_keep_asked(struct unit *u, bool shaped);
