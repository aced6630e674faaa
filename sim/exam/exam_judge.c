/* Judges of what was recorded. See exam_judge.h. */
#include "sim/exam/exam_judge.h"
#include "sim/exam/exam_blame.h"
#include "sim/exam/exam_verdict.h"
#include <math.h>
#include <string.h>

enum { GAP_S = 15, CLOCK_JUMP_S = 1800, SILENT_AFTER_MS = 500 };

#define NS_S INT64_C(1000000000)

static const struct exam_record *record_at(const struct exam_case *c, guint k)
{
    return &g_array_index(c->records, struct exam_record, k);
}

static const struct register_entry *entry_of(const struct exam_case *c, guint k)
{
    return exam_profile_entry(c->profile, record_at(c, k)->point);
}

/* --- values --- */

/* Was this reading already false before the situation? */
static bool was_false(const struct exam_case *c, guint record)
{
    const struct exam_record *r = record_at(c, record);

    for (guint k = 0; k < record; k++) {
        const struct exam_record *before = record_at(c, k);
        if (before->ns >= c->row->from_s * NS_S)
            return false;
        if (before->unit == r->unit && before->point == r->point && !exam_is_true(c, k))
            return true;
    }
    return false;
}

/* Which records a judge looks at, and which mistakes it looks for; NULL: all. */
struct look {
    bool (*about)(const struct exam_case *c, guint record);
    bool (*counts)(enum exam_blame blame);
    int later_s; /* not before so long after the beginning */
};

static void look_at(struct exam_case *c, guint record, const struct look *look)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const struct exam_record *r = record_at(c, record);
    const enum exam_blame blame = exam_blame(c, record, text);

    if (!look->counts || look->counts(blame))
        exam_flaw(c, r->ns, r->unit, entry_of(c, record)->reg, "%s", text->str);
}

static void judge_records(struct exam_case *c, const struct look *look)
{
    const int64_t from_ns = (c->row->from_s + look->later_s) * NS_S;

    for (guint k = 0; k < c->records->len; k++) {
        if (record_at(c, k)->ns < from_ns || isnan(record_at(c, k)->value))
            continue;
        if (look->about && !look->about(c, k))
            continue;
        const bool is_true = exam_is_true(c, k);
        if (!is_true && c->row->from_s && was_false(c, k))
            continue;
        exam_seen(c);
        if (!is_true)
            look_at(c, k, look);
    }
    exam_not_seen(c, "nothing was recorded that it concerns");
}

/* Net energies may fall. */
static bool is_counter(const struct exam_case *c, guint record)
{
    const struct register_entry *e = entry_of(c, record);

    return e->quantity->role == ROLE_COUNTER && !strstr(e->name, "_net");
}

static bool is_two_words(const struct exam_case *c, guint record)
{
    return entry_of(c, record)->words == 2;
}

static bool is_signed(const struct exam_case *c, guint record)
{
    const struct quantity_row *q = entry_of(c, record)->quantity;

    return q->unit == UNIT_W || q->unit == UNIT_E;
}

static bool is_pf(const struct exam_case *c, guint record)
{
    return entry_of(c, record)->quantity->unit == UNIT_PF;
}

static bool is_own(enum exam_blame blame)
{
    return blame != BLAME_SWAPPED && blame != BLAME_NO_READING;
}

static bool is_words(enum exam_blame blame)
{
    return blame == BLAME_SWAPPED;
}

static bool is_torn(enum exam_blame blame)
{
    return blame == BLAME_TORN;
}

void exam_judge_values(struct exam_case *c)
{
    judge_records(c, &(struct look){ NULL, is_own, 0 });
}

/* A poll may lie on both sides of the change. */
void exam_judge_scales(struct exam_case *c)
{
    judge_records(c, &(struct look){ NULL, is_own, 2 });
}

void exam_judge_counters(struct exam_case *c)
{
    judge_records(c, &(struct look){ is_counter, is_own, 0 });
}

void exam_judge_counters_go_on(struct exam_case *c)
{
    const int64_t from_ns = (c->row->from_s + 2) * NS_S;
    guint k = 0;

    exam_judge_counters(c);
    if (c->verdict == EXAM_NOT_SEEN)
        return;
    while (k < c->records->len && (record_at(c, k)->ns < from_ns || !is_counter(c, k) ||
                                   isnan(record_at(c, k)->value)))
        k++;
    if (k == c->records->len)
        exam_flaw(c, INT64_MAX, 1, 0, "no counter is recorded any more from %d s on",
                  c->row->from_s + 2);
}

void exam_judge_torn(struct exam_case *c)
{
    judge_records(c, &(struct look){ is_counter, is_torn, 0 });
}

void exam_judge_words(struct exam_case *c)
{
    judge_records(c, &(struct look){ is_two_words, is_words, 0 });
}

void exam_judge_registers(struct exam_case *c)
{
    judge_records(c, &(struct look){ NULL, is_own, 0 });
}

void exam_judge_signs(struct exam_case *c)
{
    judge_records(c, &(struct look){ is_signed, is_own, 0 });
}

void exam_judge_pf(struct exam_case *c)
{
    judge_records(c, &(struct look){ is_pf, NULL, 0 });
}

/* --- no reading --- */

/* Has the client read a register of the profile that has had no reading since `from`? */
static bool asks_for_none(const struct exam_case *c, int64_t from_ns)
{
    const GArray *frames = c->plant.wire->frames;
    int reg, count;

    for (guint k = 0; k < frames->len; k++) {
        const struct exam_frame *f = &g_array_index(frames, struct exam_frame, k);
        if (f->ns < from_ns || f->unit < 1 || f->unit > EXAM_UNITS ||
            !exam_frame_read(f, &reg, &count))
            continue;
        for (int p = 0; p < (int)c->profile->points->len; p++) {
            const struct register_entry *e = exam_profile_entry(c->profile, p);
            const int entry = exam_profile_point(c->profile, p)->entry[0];
            if (e->reg >= reg && e->reg < reg + count &&
                isnan(
                    exam_truth_range(c->plant.truth, f->unit, entry, f->ns, f->ns).max))
                return true;
        }
    }
    return false;
}

static bool is_no_reading(enum exam_blame blame)
{
    return blame == BLAME_NO_READING;
}

void exam_judge_readings(struct exam_case *c)
{
    const int64_t from_ns = c->row->from_s * NS_S;

    for (guint k = 0; k < c->records->len; k++) {
        const struct exam_record *r = record_at(c, k);
        const struct look look = { NULL, exam_has_truth(c, k) ? is_no_reading : NULL,
                                   0 };
        if (r->ns >= from_ns && !exam_is_true(c, k) && !was_false(c, k))
            look_at(c, k, &look);
    }
    if (asks_for_none(c, from_ns))
        exam_seen(c);
    exam_not_seen(c, "it reads no register that had no reading");
}

/* --- what is there, and what is not --- */

/* The first record with a value of this unit from then on; -1: none. */
static int64_t next_value(const struct exam_case *c, int unit, int64_t from_ns)
{
    for (guint k = 0; k < c->records->len; k++) {
        const struct exam_record *r = record_at(c, k);
        if (r->unit == unit && r->ns >= from_ns && !isnan(r->value))
            return r->ns;
    }
    return -1;
}

static bool has_recorded(struct exam_case *c)
{
    const int64_t first = next_value(c, 1, 0);

    if (first >= 0 && first < c->row->from_s * NS_S)
        return true;
    exam_not_seen(c, "nothing was recorded before it began");
    return false;
}

static bool asked_within(const struct exam_case *c, int unit, int64_t from_ns,
                         int64_t to_ns)
{
    const GArray *frames = c->plant.wire->frames;

    for (guint k = 0; k < frames->len; k++) {
        const struct exam_frame *f = &g_array_index(frames, struct exam_frame, k);
        if (f->ns >= from_ns && f->ns <= to_ns && f->kind == EXAM_REQUEST &&
            f->unit == unit)
            return true;
    }
    return false;
}

void exam_judge_return(struct exam_case *c)
{
    const int64_t from_ns = c->row->from_s * NS_S, to_ns = c->row->to_s * NS_S;

    if (!has_recorded(c))
        return;
    if (!asked_within(c, 1, from_ns, INT64_MAX)) {
        exam_flaw(c, from_ns, 1, 0, "it asks nothing from %d s on", c->row->from_s);
        return;
    }
    exam_judge_values(c);
    const int64_t back_ns = next_value(c, 1, to_ns + NS_S);
    if (back_ns < 0 || back_ns > to_ns + EXAM_BACK_S * NS_S)
        exam_flaw(c, back_ns < 0 ? INT64_MAX : back_ns, 1, 0,
                  "nothing is recorded until %.1f s, though all is well from %d s on",
                  back_ns < 0 ? c->simulated_s : (double)back_ns * 1e-9, c->row->to_s);
}

/* Requests, or answers to those from just before. */
static bool has_traffic(const struct exam_case *c, int64_t from_ns, int64_t to_ns)
{
    const GArray *frames = c->plant.wire->frames;

    for (guint k = 0; k < frames->len; k++) {
        const struct exam_frame *f = &g_array_index(frames, struct exam_frame, k);
        if (f->ns >= from_ns && f->ns <= to_ns && f->size > 0)
            return true;
    }
    return false;
}

/* Whatever is recorded was not what the meter has answered. */
void exam_judge_silence(struct exam_case *c)
{
    const int64_t from_ns = c->row->from_s * NS_S + SILENT_AFTER_MS * INT64_C(1000000);
    const int64_t to_ns = c->row->to_s * NS_S;

    if (!has_recorded(c))
        return;
    for (guint k = 0; k < c->records->len; k++) {
        const struct exam_record *r = record_at(c, k);
        if (!isnan(r->value) && exam_case_since(c, k) >= from_ns && r->ns <= to_ns &&
            r->unit == 1)
            exam_flaw(c, r->ns, 1, entry_of(c, k)->reg,
                      "unit 1, %s: %.10g at %.1f s, without a sound answer",
                      exam_profile_point(c->profile, r->point)->name, r->value,
                      (double)r->ns * 1e-9);
    }
    if (has_traffic(c, c->row->from_s * NS_S, to_ns))
        exam_seen(c);
    exam_not_seen(c, "it asked nothing while it lasted");
}

void exam_judge_refused(struct exam_case *c)
{
    exam_judge_silence(c);
    exam_judge_return(c);
}

/* Values of unit 1 that were read between …from and to. */
static bool records_within(const struct exam_case *c, int64_t from_ns, int64_t to_ns)
{
    for (guint k = 0; k < c->records->len; k++) {
        const struct exam_record *r = record_at(c, k);
        if (r->unit == 1 && r->ns >= from_ns && r->ns <= to_ns && !isnan(r->value))
            return true;
    }
    return false;
}

void exam_judge_continues(struct exam_case *c)
{
    const int64_t from_ns = (c->row->from_s + 2) * NS_S, to_ns = c->row->to_s * NS_S;

    exam_judge_values(c);
    c->verdict = c->flaws ? EXAM_FAILED : EXAM_PASSED;
    if (!records_within(c, from_ns, to_ns))
        exam_flaw(c, to_ns, 1, 0, "nothing is recorded from %d to %d s",
                  c->row->from_s + 2, c->row->to_s);
}

void exam_judge_arrives(struct exam_case *c)
{
    const int64_t to_ns = (c->row->to_s + EXAM_BACK_S) * NS_S;

    exam_seen(c);
    if (!records_within(c, 0, to_ns))
        exam_flaw(c, to_ns, 1, 0,
                  "nothing is recorded until %.1f s, though there is a "
                  "place from about %d s on",
                  c->simulated_s, c->row->to_s);
}

/* In the meantime all values were old. */
void exam_judge_fresh(struct exam_case *c)
{
    if (!has_recorded(c))
        return;
    exam_judge_values(c);
    if (asked_within(c, 1, (c->row->from_s + 1) * NS_S, INT64_MAX))
        exam_seen(c);
}

void exam_judge_others(struct exam_case *c)
{
    const int64_t from_ns = c->row->from_s * NS_S;
    int64_t last_ns = from_ns;

    if (!has_recorded(c))
        return;
    if (!asked_within(c, 2, from_ns, INT64_MAX)) {
        exam_not_seen(c, "it does not ask unit 2");
        return;
    }
    exam_seen(c);
    for (guint k = 0; k <= c->records->len; k++) {
        const bool end = k == c->records->len;
        const int64_t ns = end ? (int64_t)(c->simulated_s * 1e9) : record_at(c, k)->ns;
        if (!end && (ns < from_ns || record_at(c, k)->unit != 1 ||
                     isnan(record_at(c, k)->value)))
            continue;
        if (ns - last_ns > GAP_S * NS_S)
            exam_flaw(
                c, ns, 2, 0,
                "unit 1 is not recorded from %.1f to %.1f s, while unit 2 is dead",
                (double)last_ns * 1e-9, (double)ns * 1e-9);
        last_ns = ns;
    }
}

/* --- time --- */

void exam_judge_clock(struct exam_case *c)
{
    double last = (double)NAN;

    for (guint k = 0; k < c->records->len; k++) {
        const struct exam_record *r = record_at(c, k);
        if (isnan(r->time))
            continue;
        exam_seen(c);
        if (!isnan(last) && (r->time < last - 1 || r->time > last + CLOCK_JUMP_S))
            exam_flaw(c, r->ns, r->unit, 0,
                      "the time of records goes by %.0f s at %.1f s", r->time - last,
                      (double)r->ns * 1e-9);
        last = r->time;
    }
    exam_not_seen(c, "the records have no times");
    if (c->verdict == EXAM_PASSED)
        exam_judge_values(c);
}

/* --- all rows --- */

void exam_judge_case(struct exam_case *c)
{
    exam_verdict_start(c);
    if (!c->asked) {
        exam_not_seen(c, "%s", c->trouble ? c->trouble : "no request has come");
        if (c->trouble)
            exam_flaw(c, 0, 0, 0, "%s, before it asked anything", c->trouble);
        return;
    }
    c->row->judge(c);
    if (c->trouble)
        exam_flaw(c, INT64_MAX, 0, 0, "%s", c->trouble);
    if (c->verdict != EXAM_FAILED)
        exam_show_frames(c);
}
