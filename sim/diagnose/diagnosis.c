/* Ranking and proof together. See diagnosis.h. */
#include "sim/diagnose/diagnosis.h"

/* The twins of what stays point to where they stand then. */
static void drop_rest(struct ranking *r, const int *stands_at)
{
    for (int n = 0; n < r->count; n++) {
        const int twin = r->answer[n].twin;
        r->answer[n].twin = twin >= 0 ? stands_at[twin] : -1;
    }
}

void diagnosis_make(struct diagnosis *d, const struct observation *o,
                    const struct hypotheses *h, const struct evidence_options *options,
                    int top)
{
    int stands_at[RANK_ANSWERS], kept = 0;
    struct ranking *r = &d->ranking;
    double dropped = 0;

    *d = (struct diagnosis){ .o = o };
    evidence_start(&d->evidence, o, options);
    rank(r, h, &d->evidence);
    for (int n = 0; n < r->count; n++) {
        stands_at[n] = -1;
        if (kept == top)
            continue;
        proof_run(&d->proof[kept], &d->evidence, r->answer[n].hypothesis);
        if (d->proof[kept].reproduced) {
            r->answer[kept] = r->answer[n];
            stands_at[n] = kept++;
        } else {
            dropped += r->answer[n].probability; /* it is none of them */
            proof_clear(&d->proof[kept]);
            d->dropped++;
        }
    }
    for (int n = 0; n < kept && dropped < 1; n++)
        r->answer[n].probability /= 1 - dropped;
    r->count = kept;
    drop_rest(r, stands_at);
}

void diagnosis_clear(struct diagnosis *d)
{
    for (int n = 0; n < d->ranking.count; n++)
        proof_clear(&d->proof[n]);
    evidence_clear(&d->evidence);
    rank_clear(&d->ranking);
}
