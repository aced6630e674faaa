/* Records of two tapes. See records.h. */
#include "sim/bisect/records.h"
#include "core/pdu.h"
#include "hal_sim/replay_text.h"
#include "hal_sim/tape_text.h"
#include "sim/bisect/side.h"
#include <string.h>

static const struct replay_words words = {
    .in_tape = "in A",
    .in_here = "in B",
    .tape = "A has",
    .here = "B has",
    .here_writes = "B writes",
};

struct pair {
    struct tape_stream *stream[2];
    struct tape_record record[2];
    bool has[2];
    int output;                /* the only kind that is compared, or RECORDS_ALL */
    const struct model *model; /* of the last power-up */
    struct tape_record request;
};

static bool is_left_out(const struct pair *p, const struct tape_record *r)
{
    return p->output != RECORDS_ALL && r->kind >= TAPE_FIRST_OUTPUT &&
           r->kind != p->output;
}

static bool next_of(struct pair *p, int k, GError **error)
{
    struct tape_record *r = &p->record[k];
    enum tape_stream_next got;

    do
        got = tape_stream_next(p->stream[k], r, error);
    while (got == TAPE_STREAM_RECORD && is_left_out(p, r));
    p->has[k] = got == TAPE_STREAM_RECORD && r->kind != TAPE_END;
    return got != TAPE_STREAM_INVALID;
}

/* False: no tape. At the end of a tape has[] is false. */
static bool next(struct pair *p, GError **error)
{
    return next_of(p, 0, error) && next_of(p, 1, error);
}

static bool is_same(const struct tape_record *a, const struct tape_record *b)
{
    return a->kind == b->kind && a->time_ns == b->time_ns && a->size == b->size &&
           memcmp(a->data, b->data, a->size) == 0;
}

/* What an answer is explained by. */
static void follow(struct pair *p, struct records_difference *d)
{
    const struct tape_record *r = &p->record[0];
    struct tape_content content;
    char name[64] = "";

    d->same++;
    d->time_ns = r->time_ns;
    if (r->kind >= TAPE_FIRST_OUTPUT)
        return;
    inputs_add(&d->inputs, r);
    if (r->kind == TAPE_REQUEST)
        p->request = *r;
    if (r->kind == TAPE_POWER_UP && tape_content(r, &content)) {
        memcpy(name, content.bytes, content.size);
        p->model = model_find(name);
    }
}

/* The first word that differs. */
static void describe_samples(const struct pair *p, struct records_difference *d)
{
    const struct tape_record *a = &p->record[0], *b = &p->record[1];
    size_t at = 0;

    while (at < a->size && a->data[at] == b->data[at])
        at++;
    snprintf(d->text, sizeof d->text, "samples of %s",
             side_channel_name((int)(at * HAL_CHANNELS / a->size)));
}

static void describe_inputs(const struct pair *p, struct records_difference *d)
{
    char text[2][INPUT_TEXT];

    if (p->record[0].kind == TAPE_SAMPLES && p->record[1].kind == TAPE_SAMPLES &&
        p->record[0].size == p->record[1].size && p->record[0].size) {
        describe_samples(p, d);
        return;
    }
    for (int k = 0; k < 2; k++)
        tape_text_input(text[k], sizeof text[k], &p->record[k]);
    if (strcmp(text[0], text[1]) != 0)
        snprintf(d->text, sizeof d->text, "A has %s; B has %s", text[0], text[1]);
    else if (p->record[0].time_ns != p->record[1].time_ns)
        snprintf(d->text, sizeof d->text, "%s, in B at %.6f s", text[0],
                 (double)p->record[1].time_ns / 1e9);
    else
        snprintf(d->text, sizeof d->text, "%s", text[0]);
}

static bool is_output(const struct tape_record *r)
{
    return r && r->kind >= TAPE_FIRST_OUTPUT;
}

static void describe_outputs(const struct pair *p, struct records_difference *d,
                             const struct tape_record *a, const struct tape_record *b)
{
    const bool known = p->request.size <= METER_PDU_MAX;
    const struct replay_context context = { .model = p->model,
                                            .request = p->request.data,
                                            .request_size =
                                                known ? p->request.size : 0u,
                                            .words = &words };

    replay_text_difference(d->text, sizeof d->text, &context, a, b);
}

static void describe(const struct pair *p, struct records_difference *d)
{
    const struct tape_record *a = p->has[0] ? &p->record[0] : NULL;
    const struct tape_record *b = p->has[1] ? &p->record[1] : NULL;
    const struct tape_record *first = a && (!b || a->time_ns <= b->time_ns) ? a : b;

    d->time_ns = first->time_ns;
    if (is_output(a) || is_output(b)) {
        d->part = RECORDS_OUTPUT;
        d->kind = (enum tape_kind)(is_output(a) ? a->kind : b->kind);
        describe_outputs(p, d, a, b);
    } else if (a && b) {
        d->part = RECORDS_INPUT;
        describe_inputs(p, d);
    } else {
        d->part = RECORDS_SHORTER;
        snprintf(d->text, sizeof d->text, "%s ends here", a ? "B" : "A");
    }
}

static bool compare(struct pair *p, struct records_difference *d, GError **error)
{
    while (next(p, error)) {
        if (!p->has[0] && !p->has[1])
            return true;
        if (!p->has[0] || !p->has[1] || !is_same(&p->record[0], &p->record[1])) {
            describe(p, d);
            return true;
        }
        follow(p, d);
    }
    return false;
}

bool records_compare(const char *a, const char *b, int output,
                     struct records_difference *d, GError **error)
{
    g_autofree struct pair *p = g_new0(struct pair, 1);
    bool done = false;

    p->output = output;
    memset(d, 0, sizeof *d);
    p->stream[0] = tape_stream_open(a, error);
    p->stream[1] = p->stream[0] ? tape_stream_open(b, error) : NULL;
    if (p->stream[1])
        done = compare(p, d, error);
    tape_stream_close(p->stream[0]);
    tape_stream_close(p->stream[1]);
    return done;
}
