/* A diagnosis for people. */
#include "sim/diagnose/diagnosis_text.h"
#include <math.h>

/* What is less probable stands in the JSON alone. */
#define WORTH_PRINTING 0.005

/* Of currents that were fitted; less is within a CT's class. */
#define WORTH_A_WORD 0.002

static void add_words(const struct hypothesis *h, GString *to)
{
    if (h->cause[0] == NULL)
        g_string_append(to, "nothing is wrong");
    for (int c = 0; c < 2 && h->cause[c]; c++) {
        g_string_append(to, c ? ", and " : "");
        cause_say(h->cause[c], h->cause[c]->row->words, to);
    }
}

static void add_factor(const struct answer *a, GString *to)
{
    if (isnan(a->factor.value))
        g_string_append(to, "      kWh: next to nothing is read, so no factor\n");
    else
        g_string_append_printf(
            to, "      kWh as they are: %.3f times those read (90 %%: %.3f to %.3f)\n",
            a->factor.value, a->factor.low, a->factor.high);
}

static void add_scenario(const struct hypothesis *h, const struct observation *o,
                         GString *to)
{
    if (h->cause[0] == NULL)
        return;
    g_string_append(to, "      scenario: ");
    for (int c = 0; c < 2 && h->cause[c]; c++) {
        g_string_append(to, c ? " " : "");
        cause_lua(h->cause[c], o, to);
    }
    g_string_append_c(to, '\n');
}

/* What else reads so, and what tells. */
static void add_alike(const struct answer *a, GString *to)
{
    for (int n = 0; n < a->sames; n++)
        if (a->same[n]->cause[1] == NULL || a->hypothesis->cause[1]) {
            g_string_append(to, "      reads the same: ");
            add_words(a->same[n], to);
            g_string_append_c(to, '\n');
        }
    for (int c = 0; c < 2 && a->hypothesis->cause[c]; c++) {
        const struct cause *cause = a->hypothesis->cause[c];
        if (*cause->row->alike) {
            g_string_append(to, "      reads the same: ");
            cause_say(cause, cause->row->alike, to);
            g_string_append_c(to, '\n');
        }
        g_string_append(to, "      to tell: ");
        cause_say(cause, cause->row->measurement, to);
        g_string_append_c(to, '\n');
    }
}

/* Do the angles of the currents differ by half a turn? */
static bool turned(const struct answer *a, const struct answer *b)
{
    const struct sight *x = &a->hypothesis->sight, *y = &b->hypothesis->sight;

    for (int k = 0; k < 3; k++)
        if (x->from[k] != SIGHT_NONE &&
            fabs(remainder(x->offset_deg[k] - y->offset_deg[k], 360)) > 90)
            return true;
    return false;
}

static void add_cts(const struct proof *p, GString *to)
{
    if (p->closed <= WORTH_A_WORD)
        return;
    g_string_append_printf(to,
                           "      the currents of three wires do not sum to zero: "
                           "%.1f %% were taken off them, as errors of CTs\n",
                           100 * p->closed);
    if (!p->cts_fitted)
        return;
    g_string_append(to, "      fitted to the CTs:");
    for (int k = 0; k < 3; k++)
        g_string_append_printf(to, "%s %c %+.2f %% %+.0f min", k ? "," : "", 'A' + k,
                               p->ct_percent[k], p->ct_minutes[k]);
    g_string_append_c(to, '\n');
}

static void add_answer(const struct diagnosis *d, int n, GString *to)
{
    const struct answer *a = &d->ranking.answer[n];
    char id[HYPOTHESIS_ID];

    hypothesis_id(a->hypothesis, id);
    g_string_append_printf(to, "  %d.  %.1f %%  ", n + 1, 100 * a->probability);
    add_words(a->hypothesis, to);
    g_string_append_printf(to, "  [%s]\n", id);
    if (a->twin >= 0)
        g_string_append_printf(to, "      no register can tell it from answer %d: %s\n",
                               a->twin + 1,
                               turned(a, &d->ranking.answer[a->twin])
                                   ? "one of them imports where the other exports"
                                   : "the load is as much larger or smaller");
    add_factor(a, to);
    add_scenario(a->hypothesis, d->o, to);
    add_cts(&d->proof[n], to);
    add_alike(a, to);
}

void diagnosis_text(const struct diagnosis *d, GString *to)
{
    g_string_append_printf(to, "%s: %s, type %d, CTs of %g A, %g V, %d dump%s\n",
                           d->o->source, d->o->model->name, d->o->type->number,
                           d->o->ct_primary, d->o->nominal_v, d->o->count,
                           d->o->count == 1 ? "" : "s");
    for (int n = 0; n < d->ranking.count; n++)
        if (n == 0 || d->ranking.answer[n].probability >= WORTH_PRINTING)
            add_answer(d, n, to);
    if (d->ranking.count == 0)
        g_string_append(to, "  no cause in the table gives these readings\n");
    if (d->o->model->unidirectional)
        g_string_append(to,
                        "  This model reads sizes of kW and kvar: the polarity of its "
                        "rope CTs is invisible. Look at their arrows.\n");
    if (isnan(d->o->dump[0].p[0]) && !isnan(d->o->dump[0].p_total))
        g_string_append(to, "  kW of each phase was not given: their sum is weighed, "
                            "and not compared.\n");
    if (d->dropped)
        g_string_append_printf(to,
                               "  %d more did not give the readings when run, and are "
                               "not shown.\n",
                               d->dropped);
    g_string_append(to, "  Each answer was run through the metering core and gives the "
                        "readings within 1.5 % of V and I, 2 % of S.\n"
                        "  This is no legal or billing advice.\n");
}
