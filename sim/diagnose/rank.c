/* Posterior probabilities. See rank.h. */
#include "sim/diagnose/rank.h"
#include "sim/diagnose/prior.h"
#include "sim/diagnose/saturation.h"
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
    guint place; /* in the list, for what is as probable */
};

/* Less is rounding. */
#define AS_PROBABLE 1e-9

static int compare(const void *a, const void *b)
{
    const struct scored *one = a, *other = b;
    const double x = one->log_posterior, y = other->log_posterior;

    if (isfinite(x) && isfinite(y) && fabs(x - y) < AS_PROBABLE)
        return (one->place > other->place) - (one->place < other->place);

    return (x < y) - (x > y);
}

/* Nothing is wrong, or nothing that any reading tells. */
static bool is_quiet(const struct hypothesis *h)
{
    const bool unseen = h->cause[0] && h->cause[0]->row->frequency <= PRIOR_UNSEEN;

    return h->cause[0] == NULL || (unseen && h->cause[1] == NULL);
}

static const struct hypothesis *at(const struct hypotheses *h, guint n)
{
    return &g_array_index(h->list, struct hypothesis, n);
}

struct fitted {
    struct hypothesis hypothesis;
    struct cause cause;
};

/* A leg that carries nothing is none that could. */
static void drop_unused(struct sight *s, const struct evidence *e)
{
    for (int k = 0; k < e->phases && s->supply.kind == SUPPLY_SPLIT; k++)
        if (s->from[k] == 2 && e->zero[k]) {
            s->from[k] = SIGHT_NONE;
            s->lost[2] = true;
        }
}

/* A supply as the readings have it; NULL: none of its kind gives them. */
static const struct hypothesis *fit(struct ranking *r, const struct hypothesis *h,
                                    const struct evidence *e)
{
    const enum supply_kind kind = hypothesis_supply(h)->kind;

    if (kind == SUPPLY_SOUND || kind == SUPPLY_NOMINAL)
        return h;
    struct fitted *f = g_new(struct fitted, 1);
    *f = (struct fitted){ *h, *h->cause[0] };
    f->hypothesis.cause[0] = &f->cause;
    g_ptr_array_add(r->fitted, f);
    if (!(kind == SUPPLY_CT_SATURATES
              ? saturation_fit(&f->cause.supply, e)
              : supply_fit(&f->cause.supply, e->o->type, e->v, e->vll)))
        return NULL;
    hypothesis_see(&f->hypothesis, e->o);
    drop_unused(&f->hypothesis.sight, e);
    return &f->hypothesis;
}

static void score(struct ranking *r, struct scored *to, const struct hypotheses *h,
                  const struct evidence *e)
{
    double best = -INFINITY;

    for (guint n = 0; n < h->list->len; n++) {
        const struct hypothesis *fits = fit(r, at(h, n), e);
        to[n] = (struct scored){ fits ? fits : at(h, n), -INFINITY, at(h, n)->log_prior,
                                 n };
        if (fits)
            to[n].log_likelihood = evidence_of_voltages(e, &fits->sight);
        best = fmax(best, to[n].log_likelihood);
    }
    for (guint n = 0; n < h->list->len; n++) {
        if (to[n].log_likelihood > best - HOPELESS)
            to[n].log_likelihood += evidence_of_currents(e, &to[n].hypothesis->sight);
        else
            to[n].log_likelihood = -INFINITY;
        to[n].log_posterior += to[n].log_likelihood;
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
                      e->o->model->unidirectional) &&
           evidence_same_angles(e, &a->hypothesis->sight, &h->sight);
}

/* Into the answer that reads the same; -1: there is none. *twin: the answer that reads
 * the same, but one of both is quiet. */
static int find_same(const struct ranking *r, const struct hypothesis *h,
                     const struct evidence *e, int *twin)
{
    const bool quiet = is_quiet(h);

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
                                             .quiet = is_quiet(s->hypothesis),
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

/* What is assumed is wider than most sites are, so answers are right more often than
 * their probabilities say; their order stays. */
static void sharpen(struct ranking *r)
{
    double rest = 1, sum = 0;

    for (int n = 0; n < r->count; n++) {
        rest -= r->answer[n].probability;
        r->answer[n].probability = pow(r->answer[n].probability, 1 / PRIOR_SHARPNESS);
        sum += r->answer[n].probability;
    }
    sum += pow(fmax(0, rest), 1 / PRIOR_SHARPNESS);
    for (int n = 0; n < r->count; n++)
        r->answer[n].probability /= sum;
}

void rank(struct ranking *r, const struct hypotheses *h, const struct evidence *e)
{
    struct scored *s = g_new(struct scored, h->list->len);

    *r = (struct ranking){ .fitted = g_ptr_array_new_with_free_func(g_free) };
    score(r, s, h, e);
    const double sum = probability_sum(s, h->list->len);
    for (guint n = 0; n < h->list->len; n++)
        add(r, &s[n], exp(s[n].log_posterior - s[0].log_posterior) / sum, e);
    sharpen(r);
    quiet_first(r);
    for (int n = 0; n < r->count; n++)
        r->answer[n].factor = world_factor(e, &r->answer[n].hypothesis->sight);
    g_free(s);
}

void rank_clear(struct ranking *r)
{
    g_ptr_array_unref(r->fitted);
}
