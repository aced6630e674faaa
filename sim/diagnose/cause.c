/* The rows of causes.def on the phases of a meter. See cause.h. */
#include "sim/diagnose/cause.h"
#include "sim/diagnose/prior.h"
#include <string.h>

enum pattern { EACH, EVERY, TWO, TURN, WITH, SITE };

static const struct cause_row rows[] = {
#define C(name, pattern, fault, value, frequency, words, alike, measurement)           \
    { name,  pattern, SUPPLY_SOUND, FAULT_##fault, value, PRIOR_##frequency,           \
      words, alike,   measurement },
#define S(name, pattern, kind, frequency, words, alike, measurement)                   \
    { name,  pattern, SUPPLY_##kind, FAULTS, 0, PRIOR_##frequency,                     \
      words, alike,   measurement },
#include "sim/diagnose/causes.def"
#undef S
#undef C
};

static const char letters[] = "ABC";

static struct cause *add(struct causes *c, const struct cause_row *row,
                         const char *phases)
{
    struct cause *cause = &c->cause[c->count++];

    g_assert(c->count <= CAUSES_MAX);
    *cause = (struct cause){ .row = row,
                             .supply.kind = row->supply,
                             .prior = row->frequency };
    g_strlcpy(cause->phases, phases, sizeof cause->phases);
    g_snprintf(cause->id, sizeof cause->id, *phases ? "%s_%s" : "%s", row->name,
               phases);
    return cause;
}

static void add_fault(struct cause *cause, int phase, double value)
{
    cause->fault[cause->faults++] =
        (struct cause_fault){ cause->row->fault, phase, value };
}

/* The site's as a whole: a fault without phases, or a supply. */
static void add_site(struct causes *c, const struct cause_row *row, unsigned phases)
{
    char text[4] = "";
    int count = 0;

    for (int k = 0; k < 3; k++)
        if (phases >> k & 1)
            text[count++] = letters[k];
    struct cause *cause = add(c, row, text);
    if (row->fault != FAULTS)
        add_fault(cause, 0, row->value);
}

/* Of the meter as a whole, with one of its phases. */
static void add_with(struct causes *c, const struct cause_row *row, unsigned phases)
{
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1)
            add_fault(add(c, row, (char[2]){ letters[k] }), 0, k + 1);
}

static void add_one(struct cause *cause, int phase)
{
    cause->supply.phase = phase;
    if (cause->row->fault != FAULTS)
        add_fault(cause, phase, cause->row->value);
}

/* On the phases of the mask, one at a time, or all in one. */
static void add_each(struct causes *c, const struct cause_row *row, unsigned phases)
{
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1)
            add_one(add(c, row, (char[2]){ letters[k] }), k);
}

static void add_all(struct causes *c, const struct cause_row *row, unsigned phases)
{
    char text[4] = "";
    int count = 0;

    for (int k = 0; k < 3; k++)
        if (phases >> k & 1)
            text[count++] = letters[k];
    if (count < 2)
        return;
    struct cause *cause = add(c, row, text);
    for (int k = 0; k < 3; k++)
        if (phases >> k & 1)
            add_fault(cause, k, row->value);
}

static void add_two(struct causes *c, const struct cause_row *row, unsigned phases)
{
    static const int pair[3][2] = { { 0, 1 }, { 1, 2 }, { 0, 2 } };

    for (int n = 0; n < 3; n++) {
        const int a = pair[n][0], b = pair[n][1];
        if (!(phases >> a & 1) || !(phases >> b & 1))
            continue;
        struct cause *cause = add(c, row, (char[3]){ letters[a], letters[b] });
        add_fault(cause, a, b + 1);
        add_fault(cause, b, a + 1);
    }
}

static void add_turns(struct causes *c, const struct cause_row *row, unsigned phases)
{
    for (int by = 1; by < 3 && phases == 7; by++) {
        char text[4] = "";
        for (int k = 0; k < 3; k++)
            text[k] = letters[(k + by) % 3];
        struct cause *cause = add(c, row, text);
        for (int k = 0; k < 3; k++)
            add_fault(cause, k, (k + by) % 3 + 1);
    }
}

static void add_row(struct causes *c, const struct cause_row *row, unsigned phases)
{
    switch ((enum pattern)row->pattern) {
    case EACH:
        add_each(c, row, phases);
        break;
    case EVERY:
        add_all(c, row, phases);
        break;
    case TWO:
        add_two(c, row, phases);
        break;
    case TURN:
        add_turns(c, row, phases);
        break;
    case WITH:
        add_with(c, row, phases);
        break;
    case SITE:
        add_site(c, row, phases);
        break;
    }
}

/* Rope CTs have no shorting block and no output to choose; N is a terminal only of
 * meters with a neutral. */
static bool has_sense(const struct cause_row *row, const struct model *model,
                      const struct system_type_row *type)
{
    static const char *const not_of_ropes[] = { "ct_shorted", "ct_third_volt",
                                                "ct_one_volt", "ct_phase_error",
                                                "ct_saturated" };

    if (row->fault == FAULT_ROPE_GAP && !model->unidirectional)
        return false;
    if (!supply_concerns(row->supply, type))
        return false;
    for (size_t n = 0; n < G_N_ELEMENTS(not_of_ropes); n++)
        if (model->unidirectional && !strcmp(row->name, not_of_ropes[n]))
            return false;
    return row->fault != FAULT_NEUTRAL_SWAPPED || type->element == ELEMENT_LN;
}

void causes_list(struct causes *c, const struct model *model,
                 const struct system_type_row *type)
{
    double sum = 0;

    c->count = 0;
    for (size_t n = 0; n < G_N_ELEMENTS(rows); n++)
        if (has_sense(&rows[n], model, type))
            add_row(c, &rows[n], type->phases);
    for (int n = 0; n < c->count; n++)
        sum += c->cause[n].prior;
    for (int n = 0; n < c->count; n++)
        c->cause[n].prior /= sum;
}

static unsigned phases_of(const struct cause *cause)
{
    unsigned phases = 0;

    for (int n = 0; n < cause->faults; n++)
        phases |= 1u << cause->fault[n].phase;
    return phases;
}

/* Faults of the supply stand alone; a nominal voltage can be wrong beside anything. */
static bool stands_alone(const struct cause *cause)
{
    return cause->supply.kind != SUPPLY_SOUND && cause->supply.kind != SUPPLY_NOMINAL;
}

bool causes_go_together(const struct cause *a, const struct cause *b)
{
    if (stands_alone(a) || stands_alone(b))
        return false;
    if (a->row->pattern == TURN || b->row->pattern == TURN || a->row->pattern == WITH ||
        b->row->pattern == WITH || (a->row->pattern == EVERY && a->faults == 3) ||
        (b->row->pattern == EVERY && b->faults == 3))
        return false;
    if (a->row->pattern == TWO && b->row->pattern == TWO)
        return a->row->fault != b->row->fault;
    if (a->row->pattern != EACH || b->row->pattern != EACH)
        return true;
    return !(phases_of(a) & phases_of(b));
}

void cause_say(const struct cause *cause, const char *words, GString *to)
{
    const char *phases = strstr(words, "%s");

    if (phases == NULL) {
        g_string_append(to, words);
        return;
    }
    g_string_append_len(to, words, phases - words);
    g_string_append(to, cause->phases);
    g_string_append(to, phases + 2);
}

void cause_lua(const struct cause *cause, const struct observation *o, GString *to)
{
    if (cause->supply.kind != SUPPLY_SOUND) {
        supply_lua(&cause->supply, o, to);
        return;
    }
    for (int n = 0; n < cause->faults; n++) {
        const struct cause_fault *f = &cause->fault[n];
        g_string_append_printf(to, "%sfault(m, \"%s\", ", n ? " " : "",
                               fault_table[f->id].name);
        if (fault_table[f->id].per_phase)
            g_string_append_printf(to, "\"%c\", ", letters[f->phase]);
        g_string_append_printf(to, "%g)", f->value);
    }
}

void cause_apply(const struct cause *cause, struct faults *faults)
{
    for (int n = 0; n < cause->faults; n++) {
        const struct cause_fault *f = &cause->fault[n];
        faults->value[f->id][f->phase] = f->value;
    }
    const enum fault_id id = supply_fault(cause->supply.kind);
    if (id != FAULTS)
        faults->value[id][cause->supply.phase] = supply_fault_value(&cause->supply);
}
