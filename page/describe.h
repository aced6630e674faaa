/* What the page shows as text, as JSON: the meter's state, and the tables of faults and
 * models. */
#pragma once

#include "gui/frame.h"
#include "page/session.h"

/* What the glass, the lamps, the contacts, the readings and the alerts say now, and the
 * exact values of the world. */
void describe_state(const struct session *s, struct text *json);

/* The same of a frame from elsewhere, but for the exact values. */
void describe_frame(const struct frame *f, struct text *json);

/* Row k of the exact values (0: real power … 5: energy import), as the panel writes it. */
void describe_quantity(int row, double value, struct text *out);

/* All of fault.def, with the values in force, and why one does nothing here. */
void describe_faults(const struct session *s, struct text *json);

/* Names of models. */
void describe_models(struct text *json);
