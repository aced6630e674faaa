/* All that a site may have: nothing, one cause, or two. */
#pragma once

#include "sim/diagnose/sight.h"

enum { HYPOTHESIS_ID = 2 * CAUSE_ID };

struct hypothesis {
    const struct cause *cause[2]; /* NULL: none */
    double log_prior;
    struct sight sight;
};

struct hypotheses {
    const struct model *model;
    const struct system_type_row *type;
    struct causes causes;
    GArray *list; /* struct hypothesis; the first is the healthy site */
};

struct hypotheses *hypotheses_new(const struct observation *o);
void hypotheses_free(struct hypotheses *h);

/* "healthy", "ct_open_A", "ct_open_A+pt_fuse_B". */
void hypothesis_id(const struct hypothesis *h, char id[HYPOTHESIS_ID]);

void hypothesis_faults(const struct hypothesis *h, struct faults *faults);

const struct supply *hypothesis_supply(const struct hypothesis *h);

/* What the meter sees then. */
void hypothesis_see(struct hypothesis *h, const struct observation *o);
