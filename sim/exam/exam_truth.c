/* What registers have been. See exam_truth.h. Ten samples a second; a meter publishes
 * once a second, so a change is seen within 100 ms. */
#include "sim/exam/exam_truth.h"
#include "sim/field/image.h"
#include <math.h>
#include <string.h>

enum { SAMPLE_NS = 100000000, EXPONENTS = 138, EXPONENT_COUNT = 4 };

struct change {
    int64_t ns;
    double value, step; /* NaN: no reading */
};

struct exam_truth {
    struct sim *sim;
    const GArray *entries;
    struct image *image;
    GArray **changes; /* [unit * entries + entry], of struct change */
    uint64_t event;
};

static void add_entry(void *user, const struct register_entry *e)
{
    if (e->quantity && e->section < SECTION_SETTINGS)
        g_array_append_vals(user, e, 1);
}

GArray *exam_entries_new(const struct model *model)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(struct register_entry));

    register_list_model(model, add_entry, entries);
    return entries;
}

int exam_entry_of_register(const GArray *entries, int reg)
{
    for (guint k = 0; k < entries->len; k++)
        if (g_array_index(entries, struct register_entry, k).reg == reg)
            return (int)k;
    return -1;
}

int exam_entry_of_name(const GArray *entries, const char *name)
{
    for (guint k = 0; k < entries->len; k++)
        if (!strcmp(g_array_index(entries, struct register_entry, k).name, name))
            return (int)k;
    return -1;
}

/* --- samples --- */

static bool read_words(struct exam_truth *t, const struct unit *u, int reg, int count)
{
    const bool read = u->powered && unit_registers(u, (uint16_t)(reg - 1), count,
                                                   &t->image->word[reg]);

    for (int k = 0; k < count; k++)
        t->image->has[reg + k] = read;
    return read;
}

static void note(struct exam_truth *t, int index, double value, double step)
{
    GArray *changes = t->changes[index];
    const struct change next = { sim_now(t->sim), value, step };

    if (changes->len) {
        const struct change *last =
            &g_array_index(changes, struct change, changes->len - 1);
        const bool same = value == last->value || (isnan(value) && isnan(last->value));
        if (same && step == last->step)
            return;
    }
    g_array_append_val(changes, next);
}

static void sample_unit(struct exam_truth *t, int unit)
{
    const struct unit *u = sim_unit(t->sim, unit);

    read_words(t, u, EXPONENTS, EXPONENT_COUNT);
    for (guint k = 0; k < t->entries->len; k++) {
        const struct register_entry *e =
            &g_array_index(t->entries, struct register_entry, k);
        const bool read = read_words(t, u, e->reg, e->words);
        note(t, unit * (int)t->entries->len + (int)k,
             read ? image_value(t->image, e->reg) : (double)NAN,
             image_step(t->image, e->reg));
    }
}

static void sample(void *user)
{
    struct exam_truth *t = user;
    const int64_t now = sim_now(t->sim);

    for (int unit = 0; unit < EXAM_UNITS && unit < sim_unit_count(t->sim); unit++)
        sample_unit(t, unit);
    t->event = sim_at(t->sim, now - now % SAMPLE_NS + SAMPLE_NS, sample, t);
}

struct exam_truth *exam_truth_new(struct sim *sim, const GArray *entries)
{
    struct exam_truth *t = g_new0(struct exam_truth, 1);
    const guint lists = EXAM_UNITS * entries->len;

    t->sim = sim;
    t->entries = entries;
    t->image = image_new(sim_unit(sim, 0)->model, "exam");
    t->changes = g_new(GArray *, lists);
    for (guint k = 0; k < lists; k++)
        t->changes[k] = g_array_new(FALSE, FALSE, sizeof(struct change));
    sample(t);
    return t;
}

void exam_truth_free(struct exam_truth *t)
{
    if (!t)
        return;
    sim_cancel(t->sim, t->event);
    for (guint k = 0; k < EXAM_UNITS * t->entries->len; k++)
        g_array_unref(t->changes[k]);
    g_free(t->changes);
    image_free(t->image);
    g_free(t);
}

/* --- questions --- */

static const GArray *list_of(const struct exam_truth *t, int unit, int entry)
{
    g_assert(unit >= 1 && unit <= EXAM_UNITS);
    return t->changes[(unit - 1) * (int)t->entries->len + entry];
}

struct exam_range exam_truth_range(const struct exam_truth *t, int unit, int entry,
                                   int64_t from_ns, int64_t to_ns)
{
    const GArray *list = list_of(t, unit, entry);
    struct exam_range r = { (double)NAN, (double)NAN, 0 };

    for (guint k = 0; k < list->len; k++) {
        const struct change *c = &g_array_index(list, struct change, k);
        const bool before = k + 1 < list->len && c[1].ns < from_ns;
        if (before || c->ns > to_ns || isnan(c->value))
            continue;
        r.min = isnan(r.min) ? c->value : MIN(r.min, c->value);
        r.max = isnan(r.max) ? c->value : MAX(r.max, c->value);
        r.step = MAX(r.step, c->step);
    }
    return r;
}

int64_t exam_truth_change(const struct exam_truth *t, int unit, int entry, int back,
                          double *value, double *step)
{
    const GArray *list = list_of(t, unit, entry);

    if (back >= (int)list->len)
        return -1;
    const struct change *c =
        &g_array_index(list, struct change, list->len - 1 - (guint)back);
    *value = c->value;
    *step = c->step;
    return c->ns;
}
