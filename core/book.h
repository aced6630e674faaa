/* Booking: the cycles of a second, sorted by direction and quadrant in raw codes, become
 * energy. Also what readings and energy share: the turn of the current path's angle and
 * the vector sum of apparent power. */
#ifndef CORE_BOOK_H
#define CORE_BOOK_H

#include "core/metering.h"

/* A rotation by a small angle, and the gain that goes with it: cos, sin in Q30. */
struct rotation {
    int64_t cosine, sine;
};

/* Angle of a phase's current path: calibration, and for rope CTs the lead of the 0.3-Hz
 * integrator, atan(0.3/f). (Its loss of amplitude, 1 − cos, is 10^-5 and stays.) */
struct rotation turn_of(const struct model *model, int32_t phase_urad, int64_t uhz);
void turn_power(const struct rotation *turn, int64_t *p, int64_t *q);

/* √((Σp)² + (Σq)² + (Σd)²), d = √(s² − p² − q²), over the phases in use. */
uint64_t book_vector_power(uint8_t phases, const int64_t p[3], const int64_t q[3],
                           const uint64_t s[3]);

struct book_context {
    const struct config *config;
    const struct model *model;
    const struct rotation *turn;       /* [3] */
    const int64_t *dc_v, *dc_i;    /* [3], mean codes · 2^8 */
};

/* Adds what the cycles of this second hold to *energy; the second's own energies go to
 * second->…_uj. Phases that the second found without load add nothing. */
void book_energy(const struct metering *m, const struct book_context *c,
                 struct energy *energy, struct second *second);

#endif
