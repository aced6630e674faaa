/* Verdicts and the frames that show them. See exam_verdict.h. */
#include "sim/exam/exam_verdict.h"

enum { LINES_MAX = 4, SHOWN_MAX = 8 };

#define NS_S INT64_C(1000000000)

const struct exam_frame *exam_frame_at(const struct exam_case *c, guint k)
{
    return &g_array_index(c->plant.wire->frames, struct exam_frame, k);
}

guint exam_frame_count(const struct exam_case *c)
{
    return c->plant.wire->frames->len;
}

/* --- frames that show it --- */

static bool concerns(const struct exam_frame *f, int unit, int reg)
{
    int first, count;

    if (f->kind != EXAM_REQUEST)
        return false;
    if (unit && f->unit != unit)
        return false;
    return !reg ||
           (exam_frame_read(f, &first, &count) && reg >= first && reg < first + count);
}

/* The request, and what came next on its connection. */
static void show_exchange(struct exam_case *c, guint request)
{
    const unsigned connection = exam_frame_at(c, request)->connection;

    g_array_append_val(c->shown, request);
    for (guint k = request + 1; k < exam_frame_count(c) && k < request + SHOWN_MAX;
         k++) {
        if (exam_frame_at(c, k)->connection != connection)
            continue;
        if (exam_frame_at(c, k)->kind == EXAM_REQUEST)
            return;
        g_array_append_val(c->shown, k);
        return;
    }
}

static void show_last(struct exam_case *c, guint end)
{
    for (guint k = end > SHOWN_MAX ? end - SHOWN_MAX : 0; k < end; k++)
        g_array_append_val(c->shown, k);
}

static void show_until(struct exam_case *c, int64_t ns, int unit, int reg)
{
    guint found[2], count = 0, end = 0;

    while (end < exam_frame_count(c) && exam_frame_at(c, end)->ns <= ns)
        end++;
    for (guint k = end; k-- > 0 && count < G_N_ELEMENTS(found);)
        if (reg && concerns(exam_frame_at(c, k), unit, reg))
            found[count++] = k;
    if (!count)
        show_last(c, end);
    while (count-- > 0)
        show_exchange(c, found[count]);
}

void exam_show_frames(struct exam_case *c)
{
    for (guint k = 0; k < exam_frame_count(c) && c->shown->len < SHOWN_MAX; k++)
        if (exam_frame_at(c, k)->ns >= c->row->from_s * NS_S)
            g_array_append_val(c->shown, k);
}

/* --- verdicts --- */

void exam_verdict_start(struct exam_case *c)
{
    c->verdict = EXAM_NOT_SEEN;
    c->flaws = 0;
    g_string_truncate(c->why, 0);
    g_array_set_size(c->shown, 0);
}

void exam_seen(struct exam_case *c)
{
    if (c->verdict == EXAM_NOT_SEEN)
        c->verdict = EXAM_PASSED;
}

void exam_not_seen(struct exam_case *c, const char *format, ...)
{
    va_list args;

    if (c->verdict != EXAM_NOT_SEEN || c->why->len)
        return;
    va_start(args, format);
    g_string_append_vprintf(c->why, format, args);
    va_end(args);
}

void exam_flaw(struct exam_case *c, int64_t ns, int unit, int reg, const char *format,
               ...)
{
    va_list args;

    if (c->verdict != EXAM_FAILED)
        g_string_truncate(c->why, 0);
    c->verdict = EXAM_FAILED;
    if (c->flaws++ == 0)
        show_until(c, ns, unit, reg);
    if (c->flaws > LINES_MAX)
        return;
    va_start(args, format);
    g_string_append_vprintf(c->why, format, args);
    va_end(args);
    g_string_append_c(c->why, '\n');
}
