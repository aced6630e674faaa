/* The list of hypotheses. See hypothesis.h. */
#include "sim/diagnose/hypothesis.h"
#include "sim/diagnose/prior.h"
#include <math.h>

void hypothesis_id(const struct hypothesis *h, char id[HYPOTHESIS_ID])
{
    if (h->cause[0] == NULL)
        g_strlcpy(id, "healthy", HYPOTHESIS_ID);
    else
        g_snprintf(id, HYPOTHESIS_ID, "%s%s%s", h->cause[0]->id, h->cause[1] ? "+" : "",
                   h->cause[1] ? h->cause[1]->id : "");
}

void hypothesis_faults(const struct hypothesis *h, struct faults *faults)
{
    fault_clear_all(faults);
    for (int n = 0; n < 2; n++)
        if (h->cause[n])
            cause_apply(h->cause[n], faults);
}

/* Of two causes at most one is a supply. */
const struct supply *hypothesis_supply(const struct hypothesis *h)
{
    static const struct supply sound = { .kind = SUPPLY_SOUND };

    for (int n = 0; n < 2 && h->cause[n]; n++)
        if (h->cause[n]->supply.kind != SUPPLY_SOUND)
            return &h->cause[n]->supply;
    return &sound;
}

void hypothesis_see(struct hypothesis *h, const struct observation *o)
{
    struct faults faults;

    hypothesis_faults(h, &faults);
    sight_compute(&h->sight, o, &faults, hypothesis_supply(h));
}

static void add(struct hypotheses *h, const struct observation *o,
                const struct cause *a, const struct cause *b, double prior)
{
    struct hypothesis one = { .cause = { a, b }, .log_prior = log(prior) };

    hypothesis_see(&one, o);
    g_array_append_val(h->list, one);
}

/* The sum of the products of all pairs that can be. */
static double pairs_sum(const struct causes *c)
{
    double sum = 0;

    for (int a = 0; a < c->count; a++)
        for (int b = a + 1; b < c->count; b++)
            if (causes_go_together(&c->cause[a], &c->cause[b]))
                sum += c->cause[a].prior * c->cause[b].prior;
    return sum;
}

static void add_pairs(struct hypotheses *h, const struct observation *o)
{
    const struct causes *c = &h->causes;
    const double unit = (1 - PRIOR_HEALTHY) * PRIOR_PAIR / pairs_sum(c);

    for (int a = 0; a < c->count; a++)
        for (int b = a + 1; b < c->count; b++)
            if (causes_go_together(&c->cause[a], &c->cause[b]))
                add(h, o, &c->cause[a], &c->cause[b],
                    unit * c->cause[a].prior * c->cause[b].prior);
}

struct hypotheses *hypotheses_new(const struct observation *o)
{
    struct hypotheses *h = g_new0(struct hypotheses, 1);

    h->model = o->model;
    h->type = o->type;
    h->list = g_array_new(FALSE, FALSE, sizeof(struct hypothesis));
    causes_list(&h->causes, o->model, o->type);
    add(h, o, NULL, NULL, PRIOR_HEALTHY);
    for (int n = 0; n < h->causes.count; n++)
        add(h, o, &h->causes.cause[n], NULL,
            (1 - PRIOR_HEALTHY) * (1 - PRIOR_PAIR) * h->causes.cause[n].prior);
    add_pairs(h, o);
    return h;
}

void hypotheses_free(struct hypotheses *h)
{
    if (h)
        g_array_unref(h->list);
    g_free(h);
}
