/* Likelihoods of the angles of currents. Part of evidence.h. */
#pragma once

#include "sim/diagnose/evidence.h"

void evidence_angles_start(struct evidence *e);
double evidence_of_angles(const struct evidence *e, const struct sight *s);

/* The same of one dump's angles, if it imports and if it exports: densities. */
void evidence_directions(const struct evidence *e, const struct sight *s, int dump,
                         double density[2]);

/* The most probable common lag of that dump's load: from 120 degrees on it exports. */
double evidence_lag_deg(const struct evidence *e, const struct sight *s, int dump);
