/* What was read at one site: readings of a meter at one moment or several, whatever they
 * were read from. What a source does not have is NaN. */
#pragma once

#include "sim/field/image.h"
#include <glib.h>

enum { OBSERVATION_DUMPS = 96 };

/* V, A, W, var, VA; by phase, or AB, BC, CA. */
struct observation_dump {
    double time_s;
    double v[3], vll[3], i[3], p[3], q[3], s[3];
    bool q_size_only[3]; /* the sign of q is not known */
    bool has_angles;     /* the phases of v are known: only waveforms have them */
    double v_deg[3];
    double p_total;
    double hz;
};

struct observation {
    char source[128];
    const struct model *model;
    const struct system_type_row *type;
    double nominal_v; /* register 134: L-L, of type 10 L-N */
    double ct_primary, pt_ratio;
    int ct_secondary; /* register 132: 1 or 3 */
    int count;
    struct observation_dump dump[OBSERVATION_DUMPS];
};

/* A dump of the registers of one moment; the first one sets model and settings. False
 * with `error` set: no type, no readings, too many. */
bool observation_add(struct observation *o, const struct image *image, double time_s,
                     GError **error);

int observation_phases(const struct observation *o); /* with currents */

/* The nominal voltage of one phase (types 11, 12: of one leg). */
double observation_nominal_ln(const struct observation *o);
