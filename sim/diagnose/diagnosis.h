/* A site's answers: ranked, each of them proven by the core. */
#pragma once

#include "sim/diagnose/proof.h"
#include "sim/diagnose/rank.h"

struct diagnosis {
    const struct observation *o;
    struct evidence evidence;
    struct ranking ranking; /* those that the core reproduces */
    struct proof proof[RANK_ANSWERS];
    int dropped; /* answers that the core did not reproduce */
};

/* At most `top` answers. */
void diagnosis_make(struct diagnosis *d, const struct observation *o,
                    const struct hypotheses *h, const struct evidence_options *options,
                    int top);
void diagnosis_clear(struct diagnosis *d);
