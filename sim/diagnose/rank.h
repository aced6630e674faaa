/* The hypotheses in the order of their probability. Those that no register can tell
 * apart are one answer, but for the healthy site and what reads like it. */
#pragma once

#include "sim/diagnose/hypothesis.h"
#include "sim/diagnose/world.h"

enum { RANK_ANSWERS = 12, RANK_SAME = 6 };

struct answer {
    const struct hypothesis *hypothesis;
    double probability, log_likelihood;
    struct world_factor factor;
    bool quiet; /* nothing is wrong */
    int twin;   /* the other answer that reads the same for some load; -1: none */
    int sames;  /* what reads the same, and is part of this answer */
    const struct hypothesis *same[RANK_SAME];
};

struct ranking {
    int count;
    struct answer answer[RANK_ANSWERS];
    GPtrArray *fitted; /* hypotheses with a supply that was fitted to the readings */
};

/* To be cleared. */
void rank(struct ranking *r, const struct hypotheses *h, const struct evidence *e);
void rank_clear(struct ranking *r);
