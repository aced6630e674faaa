/* Comparison of answers. See answers.h. A counter that differs always by the same has
 * another beginning; its rises are compared. */
#include "sim/traffic/answers.h"
#include "hal_sim/replay_text.h"
#include "sim/field/image_compare.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    FUNCTION_ERROR = 0x80,
    FIRST_STATE = 129, /* settings and exponents, which values follow from */
    LAST_STATE = 154,
    SHOWN = 24,
    OTHERS_SHOWN = 8
};

struct difference {
    struct register_entry entry;
    long times, explained;
    bool has_offset;
    double offset; /* of a counter: the meter's minus the capture's, at first */
    double first_s, captured, here, allowed;
};

struct answers {
    const struct model *model;
    double share;
    struct image *captured, *here;
    long counts[ANSWERS_VERDICTS];
    GArray *entries;   /* struct difference, of each register of the model */
    int *index;        /* by register: into entries; -1: none */
    GPtrArray *others; /* texts: answers that are not of registers */
    long other_count;
    double second_kwh; /* energy of a second: the client's are none of the meter's */
};

static void add_entry(void *user, const struct register_entry *entry)
{
    struct answers *a = user;
    const struct difference d = { .entry = *entry };

    a->index[entry->reg] = (int)a->entries->len;
    g_array_append_val(a->entries, d);
}

struct answers *answers_new(const struct model *model, double share)
{
    struct answers *a = g_new0(struct answers, 1);

    a->model = model;
    a->share = share;
    a->captured = image_new(model, "capture");
    a->here = image_new(model, "meter");
    a->entries = g_array_new(FALSE, FALSE, sizeof(struct difference));
    a->others = g_ptr_array_new_with_free_func(g_free);
    a->index = g_new(int, UINT16_MAX + 1);
    for (int k = 0; k <= UINT16_MAX; k++)
        a->index[k] = -1;
    register_list_model(model, add_entry, a);
    return a;
}

void answers_free(struct answers *a)
{
    if (!a)
        return;
    image_free(a->captured);
    image_free(a->here);
    g_array_free(a->entries, TRUE);
    g_ptr_array_unref(a->others);
    g_free(a->index);
    g_free(a);
}

static unsigned big16(const uint8_t *b)
{
    return (unsigned)b[0] << 8 | b[1];
}

/* What scales follow from; the capture's own are those that it has read. */
static void read_state(struct answers *a, const struct unit *u)
{
    int64_t watts;

    a->second_kwh =
        unit_reading(u, Q_KVA_TOTAL, &watts) ? (double)watts / 1e9 / 3600 : 0;
    for (int reg = FIRST_STATE; reg <= LAST_STATE; reg++) {
        uint16_t word;
        if (!unit_registers(u, (uint16_t)(reg - 1), 1, &word))
            continue;
        a->here->word[reg] = word;
        a->here->has[reg] = true;
        if (!a->captured->has[reg])
            a->captured->word[reg] = word;
    }
}

static void note(struct difference *d, double at_s, double captured, double here,
                 double allowed)
{
    if (d->times++)
        return;
    d->first_s = at_s;
    d->captured = captured;
    d->here = here;
    d->allowed = allowed;
}

/* Counters are compared by what they have risen since they were first read. */
static bool is_offset(struct difference *d, double captured, double here,
                      double allowed)
{
    if (!d->has_offset) {
        d->has_offset = true;
        d->offset = here - captured;
    }
    return fabs(here - captured - d->offset) <= allowed;
}

static enum answers_verdict compare_entry(struct answers *a, struct difference *d,
                                          double at_s)
{
    const int reg = d->entry.reg;
    const double x = image_value(a->captured, reg), y = image_value(a->here, reg);
    const double allowed = image_allowed(a->captured, a->here, &d->entry, a->share);
    const enum image_class class = image_class_of(a->model, reg);

    if (!memcmp(&a->captured->word[reg], &a->here->word[reg],
                sizeof(uint16_t) * (size_t)d->entry.words))
        return ANSWERS_SAME;
    if (class == IMAGE_NOTHING || isnan(x) || isnan(y)) {
        note(d, at_s, x, y, 0);
        return ANSWERS_DIFFER;
    }
    if (class == IMAGE_HISTORY ? is_offset(d, x, y, allowed + a->second_kwh)
                               : fabs(x - y) <= allowed) {
        d->explained++;
        return ANSWERS_EXPLAINED;
    }
    note(d, at_s, x, y, allowed);
    return ANSWERS_DIFFER;
}

/* Words that are no whole register of the model: equal, or not. */
static enum answers_verdict compare_word(struct answers *a, int reg)
{
    if (a->captured->word[reg] == a->here->word[reg])
        return ANSWERS_SAME;
    if (a->other_count++ < OTHERS_SHOWN)
        g_ptr_array_add(a->others,
                        g_strdup_printf("register %d, which is none of this model's or "
                                        "half of one: %04X in the capture, %04X here",
                                        reg, a->captured->word[reg],
                                        a->here->word[reg]));
    return ANSWERS_DIFFER;
}

static enum answers_verdict compare_registers(struct answers *a, int first, int count,
                                              double at_s)
{
    enum answers_verdict worst = ANSWERS_SAME;

    for (int reg = first; reg < first + count;) {
        struct difference *d =
            a->index[reg] < 0
                ? NULL
                : &g_array_index(a->entries, struct difference, a->index[reg]);
        bool whole = d && reg + d->entry.words <= first + count;
        enum answers_verdict one =
            whole ? compare_entry(a, d, at_s) : compare_word(a, reg);
        worst = MAX(worst, one);
        reg += whole ? d->entry.words : 1;
    }
    return worst;
}

static void set_words(struct image *image, int first, int count, const uint8_t *data)
{
    for (int k = 0; k < count; k++) {
        image->word[first + k] = (uint16_t)big16(data + 2 * k);
        image->has[first + k] = true;
    }
}

/* Both are answers of as many registers as were asked for. */
static bool are_registers(const struct exchange *e, const uint8_t *answer, int size,
                          int *first, int *count)
{
    const uint8_t function = e->request[0];

    if ((function != 3 && function != 4) || e->request_size != 5)
        return false;
    *first = (int)big16(e->request + 1) + 1;
    *count = (int)big16(e->request + 3);
    return *count > 0 && *first + *count <= UINT16_MAX && size == 2 + 2 * *count &&
           e->answer_size == size && answer[0] == function && e->answer[0] == function;
}

static void add_other(struct answers *a, const struct exchange *e,
                      const uint8_t *answer, int size, double at_s)
{
    char request[64], one[32], other[32];

    if (a->other_count++ >= OTHERS_SHOWN)
        return;
    replay_text_request(request, sizeof request, e->request, e->request_size);
    if (e->answer_size > 1 && e->answer[0] & FUNCTION_ERROR)
        g_snprintf(one, sizeof one, "exception %u", e->answer[1]);
    else
        g_snprintf(one, sizeof one, "%u bytes", e->answer_size);
    if (size > 1 && answer[0] & FUNCTION_ERROR)
        g_snprintf(other, sizeof other, "exception %u", answer[1]);
    else
        g_snprintf(other, sizeof other, "%d bytes", size);
    g_ptr_array_add(a->others,
                    g_strdup_printf("%s, at %.3f s: %s in the capture, %s here%s",
                                    request, at_s, one, other,
                                    strcmp(one, other) ? "" : ", of other contents"));
}

static enum answers_verdict verdict_of(struct answers *a, const struct unit *u,
                                       const struct exchange *e, const uint8_t *answer,
                                       int size, double at_s)
{
    int first, count;

    if (e->answered_ns < 0)
        return ANSWERS_MISSING;
    const bool registers = are_registers(e, answer, size, &first, &count);
    if (registers) {
        set_words(a->captured, first, count, e->answer + 2);
        read_state(a, u);
        set_words(a->here, first, count, answer + 2);
    }
    if (e->answer_size == size && !memcmp(e->answer, answer, (size_t)size))
        return ANSWERS_SAME;
    if (registers)
        return compare_registers(a, first, count, at_s);
    add_other(a, e, answer, size, at_s);
    return ANSWERS_DIFFER;
}

enum answers_verdict answers_compare(struct answers *a, const struct unit *u,
                                     const struct exchange *e, const uint8_t *answer,
                                     int size, double at_s)
{
    enum answers_verdict verdict = verdict_of(a, u, e, answer, size, at_s);

    a->counts[verdict]++;
    return verdict;
}

long answers_count(const struct answers *a, enum answers_verdict verdict)
{
    return a->counts[verdict];
}

static const char *reason(const struct answers *a, const struct difference *d)
{
    switch (image_class_of(a->model, d->entry.reg)) {
    case IMAGE_SETTING:
        return "set otherwise";
    case IMAGE_STATE:
        return "another state";
    case IMAGE_HISTORY:
        return "rises otherwise";
    case IMAGE_READING:
        return "another reading";
    case IMAGE_NOTHING:
        return "other contents";
    }
    g_assert_not_reached();
}

static void print_difference(const struct answers *a, const struct difference *d)
{
    char one[IMAGE_VALUE_TEXT], other[IMAGE_VALUE_TEXT];

    printf("%8d  %-24s %12s %12s %11.3f s %6ld  %s\n", d->entry.reg, d->entry.name,
           image_value_text(d->captured, one), image_value_text(d->here, other),
           d->first_s, d->times, reason(a, d));
}

static void print_differences(const struct answers *a)
{
    int shown = 0;

    for (guint k = 0; k < a->entries->len; k++) {
        const struct difference *d = &g_array_index(a->entries, struct difference, k);
        if (!d->times)
            continue;
        if (shown == 0)
            puts(
                "register  name                         captured        meter    first "
                "at   times  why");
        if (shown++ < SHOWN)
            print_difference(a, d);
    }
    if (shown > SHOWN)
        printf("and %d more registers\n", shown - SHOWN);
}

static void print_offsets(const struct answers *a)
{
    int shown = 0;

    for (guint k = 0; k < a->entries->len; k++) {
        const struct difference *d = &g_array_index(a->entries, struct difference, k);
        if (!d->explained || !d->has_offset || d->offset == 0)
            continue;
        printf("%s%s %+.6g %s",
               shown ? ", " : "counters with another beginning: ", d->entry.name,
               d->offset, d->entry.units);
        if (++shown == OTHERS_SHOWN)
            break;
    }
    if (shown)
        putchar('\n');
}

void answers_print(const struct answers *a)
{
    printf("answers: %ld the same to the byte, %ld within %.6g %% or with counters of "
           "another beginning, %ld differ, %ld were not in the capture\n",
           a->counts[ANSWERS_SAME], a->counts[ANSWERS_EXPLAINED], a->share * 100,
           a->counts[ANSWERS_DIFFER], a->counts[ANSWERS_MISSING]);
    print_differences(a);
    for (guint k = 0; k < a->others->len; k++)
        printf("  %s\n", (const char *)g_ptr_array_index(a->others, k));
    if (a->other_count > OTHERS_SHOWN)
        printf("  and %ld more like that\n", a->other_count - OTHERS_SHOWN);
    print_offsets(a);
}
