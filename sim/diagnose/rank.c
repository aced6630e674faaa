/* Posterior probabilities. See rank.h. */
#include "sim/diagnose/rank.h"
#include <math.h>
#include <stdlib.h>

/* Hypotheses whose voltages are so much less probable than the best ones' are dropped
 * before the currents are looked at; and what is no more than this is no answer. */
#define HOPELESS 25.0
#define LEAST    1e-3

/* What alarms stands before what does not, of two that read the same, when the loads of
 * the dumps speak for it so strongly (Jeffreys' scale: very strong). */
#define VERY_STRONG 30.0

struct scored {
    const struct hypothesis *hypothesis;
    double log_likelihood, log_posterior;
};

static int compare(const void *a, const void *b)
{
    const double x = ((const struct scored *)a)->log_posterior,
                 y = ((const struct scored *)b)->log_posterior;

    return (x < y) - (x > y);
}

static const struct hypothesis *at(const struct hypotheses *h, guint n)
{
    return &g_array_index(h->list, struct hypothesis, n);
}

static void score(struct scored *to, const struct hypotheses *h,
                  const struct evidence *e)
{
    double best = -INFINITY;

    for (guint n = 0; n < h->list->len; n++) {
        to[n] =
            (struct scored){ at(h, n), evidence_of_voltages(e, &at(h, n)->sight), 0 };
        best = fmax(best, to[n].log_likelihood);
    }
    for (guint n = 0; n < h->list->len; n++) {
        if (to[n].log_likelihood > best - HOPELESS)
            to[n].log_likelihood += evidence_of_currents(e, &to[n].hypothesis->sight);
        else
            to[n].log_likelihood = -INFINITY;
        to[n].log_posterior = to[n].log_likelihood + to[n].hypothesis->log_prior;
    }
    qsort(to, h->list->len, sizeof *to, compare);
}

static double probability_sum(const struct scored *s, guint count)
{
    double sum = 0;

    for (guint n = 0; n < count; n++)
        sum += exp(s[n].log_posterior - s[0].log_posterior);
    return sum;
}

static bool reads_same(const struct answer *a, const struct hypothesis *h,
                       const struct evidence *e)
{
    return sight_same(&a->hypothesis->sight, &h->sight, e->phases,
                      e->o->model->unidirectional);
}

/* Into the answer that reads the same; -1: there is none. *twin: the answer that reads
 * the same, but one of both is quiet. */
static int find_same(const struct ranking *r, const struct hypothesis *h,
                     const struct evidence *e, int *twin)
{
    const bool quiet = h->cause[0] == NULL;

    *twin = -1;
    for (int n = 0; n < r->count; n++) {
        if (!reads_same(&r->answer[n], h, e))
            continue;
        if (r->answer[n].quiet == quiet)
            return n;
        *twin = n;
    }
    return -1;
}

static void add(struct ranking *r, const struct scored *s, double probability,
                const struct evidence *e)
{
    int twin;
    const int same = find_same(r, s->hypothesis, e, &twin);

    if (same >= 0) {
        struct answer *a = &r->answer[same];
        a->probability += probability;
        if (a->sames < RANK_SAME)
            a->same[a->sames++] = s->hypothesis;
        return;
    }
    if (r->count == RANK_ANSWERS || probability < LEAST)
        return;
    if (twin >= 0)
        r->answer[twin].twin = r->count;
    r->answer[r->count++] = (struct answer){ .hypothesis = s->hypothesis,
                                             .probability = probability,
                                             .log_likelihood = s->log_likelihood,
                                             .quiet = s->hypothesis->cause[0] == NULL,
                                             .twin = twin };
}

/* Of two that read the same the one that alarms stands second. */
static void quiet_first(struct ranking *r)
{
    for (int n = 0; n < r->count; n++) {
        struct answer *a = &r->answer[n], *b = a->twin > n ? &r->answer[a->twin] : NULL;
        if (b == NULL || !b->quiet ||
            a->log_likelihood - b->log_likelihood > log(VERY_STRONG))
            continue;
        const struct answer swap = *a;
        const int other = a->twin;
        *a = *b;
        *b = swap;
        a->twin = other;
        b->twin = n;
    }
}

void rank(struct ranking *r, const struct hypotheses *h, const struct evidence *e)
{
    struct scored *s = g_new(struct scored, h->list->len);

    score(s, h, e);
    const double sum = probability_sum(s, h->list->len);
    r->count = 0;
    for (guint n = 0; n < h->list->len; n++)
        add(r, &s[n], exp(s[n].log_posterior - s[0].log_posterior) / sum, e);
    quiet_first(r);
    for (int n = 0; n < r->count; n++)
        r->answer[n].factor = world_factor(e, &r->answer[n].hypothesis->sight);
    g_free(s);
}
