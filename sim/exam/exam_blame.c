/* False values, explained. See exam_blame.h. The explanations are tried one after the
 * other, the most special first. */
#include "sim/exam/exam_blame.h"
#include <math.h>
#include <string.h>

enum { CHANGES = 40, DECADES = 6 };

#define TWO_32 4294967296.0

/* A record, and the reading that it should be. */
struct claim {
    const struct exam_case *c;
    const struct exam_record *record;
    const struct exam_point *point;
    const struct register_entry *entry;
    int entry_index;
    double value; /* in the units of the register list */
    struct exam_range truth;
    int64_t since_ns;
};

static const struct register_entry *entry_at(const struct exam_case *c, int index)
{
    return &g_array_index(c->profile->entries, struct register_entry, index);
}

/* Clients round; a float of a counter has 24 bits. */
static double tolerance(const struct claim *k, double truth, double step)
{
    const bool counts = k->entry->quantity->role == ROLE_COUNTER;

    return 1.01 * step + fabs(truth) * (counts ? 2e-7 : 1e-4) +
           k->point->tolerance / fabs(k->point->scale) + 1e-9;
}

static bool near_to(const struct claim *k, double x, double truth, double step)
{
    return !isnan(truth) && fabs(x - truth) <= tolerance(k, truth, step);
}

static struct claim claim_of(const struct exam_case *c, guint record, int which)
{
    struct claim k = { .c = c,
                       .record =
                           &g_array_index(c->records, struct exam_record, record) };

    k.point = exam_profile_point(c->profile, k.record->point);
    k.entry_index = k.point->entry[which];
    k.entry = entry_at(c, k.entry_index);
    k.value = k.record->value / k.point->scale;
    k.since_ns = exam_case_since(c, record);
    k.truth = exam_truth_range(c->plant.truth, k.record->unit, k.entry_index,
                               k.since_ns, k.record->ns);
    return k;
}

static bool is_within(const struct claim *k)
{
    const struct exam_range *r = &k->truth;

    return !isnan(r->min) && k->value >= r->min - tolerance(k, r->min, r->step) &&
           k->value <= r->max + tolerance(k, r->max, r->step);
}

bool exam_is_true(const struct exam_case *c, guint record)
{
    const struct exam_record *r =
        &g_array_index(c->records, struct exam_record, record);
    const struct exam_point *point = exam_profile_point(c->profile, r->point);

    if (isnan(r->value))
        return true;
    for (int which = 0; which < 2 && point->entry[which] >= 0; which++) {
        const struct claim k = claim_of(c, record, which);
        if (is_within(&k))
            return true;
    }
    return false;
}

bool exam_has_truth(const struct exam_case *c, guint record)
{
    return !isnan(claim_of(c, record, 0).truth.min);
}

/* --- explanations --- */

static bool is_integer32(const struct claim *k)
{
    return k->entry->words == 2 && k->truth.step > 0;
}

static bool is_no_reading(const struct claim *k)
{
    static const double words[] = { 32768, -32768, 2147516416.0, -2147450880.0,
                                    2143289344.0 };

    for (size_t n = 0; n < G_N_ELEMENTS(words); n++)
        for (int decade = -DECADES; decade <= DECADES; decade++)
            if (fabs(k->record->value - words[n] * pow(10, decade)) <
                1e-5 * fabs(k->record->value))
                return true;
    return false;
}

static double swapped(double value, double step)
{
    const int64_t count = llround(value / step);
    const uint32_t word = (uint32_t)count;

    return (double)(word << 16 | word >> 16) * step;
}

static double swapped_float(double value)
{
    const float from = (float)value;
    float to;
    uint32_t bits;

    memcpy(&bits, &from, sizeof bits);
    bits = bits << 16 | bits >> 16;
    memcpy(&to, &bits, sizeof to);
    return (double)to;
}

/* Compares with what the reading has been since then; back from the newest. */
static bool is_swapped(const struct claim *k)
{
    double value, step;
    int64_t ns;

    for (int back = 0; k->entry->words == 2 && back < CHANGES; back++) {
        ns = exam_truth_change(k->c->plant.truth, k->record->unit, k->entry_index, back,
                               &value, &step);
        if (ns < 0)
            break;
        const double other = step > 0 ? swapped(value, step) : swapped_float(value);
        const double as_signed = other - TWO_32 * step;
        if (!isnan(value) &&
            (fabs(k->value - other) <= 2e-7 * fabs(other) + 1.5 * step ||
             fabs(k->value - as_signed) <= 1.5 * step))
            return true;
    }
    return false;
}

static bool is_unsigned(const struct claim *k)
{
    const double span =
        (k->entry->words == 2 ? TWO_32 : (double)(1 << 16)) * k->truth.step;

    return span > 0 && (near_to(k, k->value - span, k->truth.min, k->truth.step) ||
                        near_to(k, k->value + span, k->truth.min, k->truth.step));
}

static bool is_sign(const struct claim *k)
{
    return near_to(k, -k->value, k->truth.min, k->truth.step) ||
           near_to(k, -k->value, k->truth.max, k->truth.step);
}

/* By which power of ten it is too large; 0: by none. */
static int decades(const struct claim *k)
{
    for (int decade = -DECADES; decade <= DECADES; decade++)
        if (decade && fabs(k->truth.min) > 0 &&
            near_to(k, k->value * pow(10, -decade), k->truth.min, k->truth.step))
            return decade;
    return 0;
}

/* Some power of ten of `other`, which has enough digits to be known by. */
static bool has_digits_of(double count, double other)
{
    for (int decade = -DECADES; fabs(other) > 100 && decade <= DECADES; decade++)
        if (fabs(count * pow(10, decade) - other) <= fabs(other) * 2e-5 + 0.51)
            return true;
    return false;
}

static int other_register(const struct claim *k)
{
    const double count = k->truth.step > 0 ? k->value / k->truth.step : k->value;

    for (int n = 0; n < (int)k->c->profile->entries->len; n++) {
        const struct exam_range r = exam_truth_range(k->c->plant.truth, k->record->unit,
                                                     n, k->since_ns, k->record->ns);
        if (n != k->entry_index &&
            has_digits_of(count, r.step > 0 ? r.min / r.step : r.min))
            return n;
    }
    return -1;
}

static bool is_of_other_unit(const struct claim *k)
{
    const int other = k->record->unit == 1 ? 2 : 1;
    const struct exam_range r = exam_truth_range(
        k->c->plant.truth, other, k->entry_index, k->since_ns, k->record->ns);

    return !isnan(r.min) && fabs(r.min) > 0 && near_to(k, k->value, r.min, r.step);
}

/* A high word of one moment and a low word of another. */
static bool is_torn(const struct claim *k)
{
    const double span = 65536 * k->truth.step;

    return is_integer32(k) && (fabs(k->value - k->truth.min - span) <= span * 0.02 ||
                               fabs(k->value - k->truth.max + span) <= span * 0.02);
}

/* Since when it is not true any more; 0: it never was. */
static int64_t true_until(const struct claim *k)
{
    double value, step;
    int64_t ns, until = 0;

    for (int back = 0; back < CHANGES * CHANGES; back++) {
        ns = exam_truth_change(k->c->plant.truth, k->record->unit, k->entry_index, back,
                               &value, &step);
        if (ns < 0)
            return 0;
        if (ns <= k->record->ns && near_to(k, k->value, value, step))
            return until;
        until = ns;
    }
    return 0;
}

/* --- in words --- */

static void print_truth(const struct claim *k, GString *text)
{
    const struct exam_record *r = k->record;

    g_string_printf(text, "unit %d, %s: %.10g at %.1f s; ", r->unit, k->point->name,
                    r->value, (double)r->ns * 1e-9);
    if (isnan(k->truth.min))
        g_string_append(text, "the meter has no reading");
    else if (k->truth.max - k->truth.min <= tolerance(k, k->truth.min, k->truth.step))
        g_string_append_printf(text, "true is %.10g", k->truth.max * k->point->scale);
    else
        g_string_append_printf(text, "true is %.10g to %.10g",
                               k->truth.min * k->point->scale,
                               k->truth.max * k->point->scale);
}

static enum exam_blame no_reading(GString *text)
{
    g_string_append(text, ": the pattern for `no reading`, taken for a number");
    return BLAME_NO_READING;
}

static enum exam_blame by_itself(const struct claim *k, GString *text)
{
    if (isnan(k->truth.min))
        return is_no_reading(k) ? no_reading(text) : BLAME_UNKNOWN;
    if (is_swapped(k)) {
        g_string_append(text, ": its two words are swapped");
        return BLAME_SWAPPED;
    }
    if (is_no_reading(k))
        return no_reading(text);
    if (k->value == 0) {
        g_string_append(text, ": no value is no 0");
        return BLAME_ZERO;
    }
    if (is_sign(k)) {
        g_string_append(text, ": the sign is wrong");
        return BLAME_SIGN;
    }
    if (is_unsigned(k)) {
        g_string_append(text, ": read as unsigned, or as signed, which it is not");
        return BLAME_UNSIGNED;
    }
    return BLAME_UNKNOWN;
}

static enum exam_blame by_others(const struct claim *k, GString *text)
{
    const int decade = decades(k);

    if (decade) {
        g_string_append_printf(text,
                               ": 10^%d times the truth, so the scale is not that "
                               "of the moment",
                               decade);
        return BLAME_SCALE;
    }
    if (is_torn(k)) {
        g_string_append(text, ": its words are of two moments");
        return BLAME_TORN;
    }
    const int64_t until = true_until(k);
    if (until > 0) {
        g_string_append_printf(text, ": as it was until %.1f s", (double)until * 1e-9);
        return BLAME_OLD;
    }
    if (is_of_other_unit(k)) {
        g_string_append(text, ": that is the other unit's");
        return BLAME_UNIT;
    }
    const int other = other_register(k);
    if (other >= 0) {
        const struct register_entry *e = entry_at(k->c, other);
        g_string_append_printf(text, ": that is register %d, %s", e->reg, e->name);
        return BLAME_OTHER;
    }
    return BLAME_UNKNOWN;
}

enum exam_blame exam_blame(const struct exam_case *c, guint record, GString *text)
{
    const struct claim k = claim_of(c, record, 0);

    print_truth(&k, text);
    const enum exam_blame blame = by_itself(&k, text);
    return blame != BLAME_UNKNOWN || isnan(k.truth.min) ? blame : by_others(&k, text);
}
