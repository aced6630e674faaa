/* Judges of what was sent. See exam_judge_wire.h. */
#include "sim/exam/exam_judge_wire.h"
#include "sim/exam/exam_verdict.h"
#include <string.h>

enum {
    READ_HOLDING = 3,
    READ_INPUT = 4,
    READ_MAX = 125 /* Modbus application protocol V1.1b3, 6.3 */
};

#define NS_S      INT64_C(1000000000)
/* A little less than the meter's second, for clients that count from their own clock. */
#define SECOND_NS (NS_S * 9 / 10)

void exam_judge_functions(struct exam_case *c)
{
    for (guint k = 0; k < exam_frame_count(c); k++) {
        const struct exam_frame *f = exam_frame_at(c, k);
        if (f->kind != EXAM_REQUEST)
            continue;
        exam_seen(c);
        if (f->pdu[0] != READ_HOLDING && f->pdu[0] != READ_INPUT)
            exam_flaw(c, f->ns, f->unit, 0,
                      "function %02X at %.1f s: readings are read by 03 or 04",
                      f->pdu[0], (double)f->ns * 1e-9);
    }
    exam_not_seen(c, "it asks nothing");
}

void exam_judge_length(struct exam_case *c)
{
    int reg, count;

    for (guint k = 0; k < exam_frame_count(c); k++) {
        const struct exam_frame *f = exam_frame_at(c, k);
        if (!exam_frame_read(f, &reg, &count))
            continue;
        exam_seen(c);
        if (count < 1 || count > READ_MAX)
            exam_flaw(
                c, f->ns, f->unit, reg,
                "%d registers from %d on, at %.1f s: at most %d go into an answer",
                count, reg, (double)f->ns * 1e-9, READ_MAX);
    }
    exam_not_seen(c, "it reads no registers");
}

/* The meter says so itself: it has answered such a request with exception 02. */
void exam_judge_unlisted(struct exam_case *c)
{
    const struct exam_frame *request = NULL;
    int reg, count;

    for (guint k = 0; k < exam_frame_count(c); k++) {
        const struct exam_frame *f = exam_frame_at(c, k);
        if (exam_frame_read(f, &reg, &count)) {
            exam_seen(c);
            request = f;
        } else if (request && exam_frame_exception(f) == 2 &&
                   request->transaction == f->transaction) {
            exam_frame_read(request, &reg, &count);
            if (count <= READ_MAX)
                exam_flaw(
                    c, f->ns, f->unit, reg,
                    "registers %d to %d at %.1f s: not all of them are listed, so "
                    "none is read",
                    reg, reg + count - 1, (double)request->ns * 1e-9);
        }
    }
    exam_not_seen(c, "it reads no registers");
}

/* How often the same was asked within a second of the meter. */
static guint repeats(const struct exam_case *c, guint request)
{
    const struct exam_frame *f = exam_frame_at(c, request);
    guint count = 0;

    for (guint k = request; k-- > 0;) {
        const struct exam_frame *before = exam_frame_at(c, k);
        if (f->ns - before->ns >= SECOND_NS)
            break;
        count += before->kind == EXAM_REQUEST && before->unit == f->unit &&
                 before->size == f->size &&
                 !memcmp(before->pdu, f->pdu, (size_t)f->size);
    }
    return count;
}

/* Now and then a poll is late, and the next one is not. */
void exam_judge_pace(struct exam_case *c)
{
    int64_t last_ns = 0;
    int unit = 0, requests = 0, found = 0;

    for (guint k = 0; k < exam_frame_count(c); k++) {
        const struct exam_frame *f = exam_frame_at(c, k);
        if (f->kind != EXAM_REQUEST)
            continue;
        exam_seen(c);
        requests++;
        if (repeats(c, k) == 0)
            continue;
        found++;
        last_ns = f->ns;
        unit = f->unit;
    }
    if (2 * found > requests)
        exam_flaw(c, last_ns, unit, 0,
                  "%d of %d requests come again within a second of the meter", found,
                  requests);
    exam_not_seen(c, "it asks nothing");
}
