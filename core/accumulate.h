/* Accumulation: the cycles of a second, sorted by direction and quadrant in raw codes,
 * become energy. Also what readings and energy share: the rotation by the current
 * path's angle and the vector sum of apparent power. */
#pragma once

#include "core/energy.h"
#include "core/metering_state.h"

/* Angle of a phase's current path: calibration, and for rope CTs the lead of the 0.3-Hz
 * integrator, atan(0.3/f). (Its loss of amplitude, 1 − cos, is 10^-5 and stays.) */
struct rotation rotation_of(const struct model *model, int32_t phase_urad, int64_t uhz);
void rotate_power(const struct rotation *r, int64_t *p, int64_t *q);

/* √((Σp)² + (Σq)² + (Σd)²), d = √(s² − p² − q²), over the phases in use. */
uint64_t accumulate_vector_power(uint8_t phases, const int64_t p[3], const int64_t q[3],
                                 const uint64_t s[3]);

/* Adds what these cycles hold to *energy, by m->correction, and to second->…_uj. Phases
 * without load add nothing. */
void accumulate_cycles(const struct metering *m, const struct cycle *cycles,
                       const struct model *model, struct energy *energy,
                       struct second *second);

/* Moves what the cycles hold to *energy and to second->…_uj. */
void accumulate_energy(struct metering *m, const struct model *model,
                       struct energy *energy, struct second *second);
