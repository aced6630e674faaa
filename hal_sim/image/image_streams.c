/* See image_streams.h. */
#include "hal_sim/image/image_streams.h"
#include "core/nvm.h"
#include <stdlib.h>
#include <string.h>

/* A transfer to the glass (26 bytes at 100 kHz) goes on by turns of the main loop, and
 * waits for those before it. An edge waits for the next turn. */
#define GLASS_NS INT64_C(50000000)
#define QUIET_NS INT64_C(300000000) /* good for 50 ms, and then shown */
#define BACK_NS  INT64_C(100000000)
#define EDGE_NS  INT64_C(2000000)

enum { GLASS_ADDRESS = 4 }; /* of a record, before its bytes */
enum { NVM_HEAD = 4 + 8, NVM_KIND = 4 + 4, NVM_TRAILER = 5 };

struct image_note {
    struct image_note *next;
    struct tape_record record; /* as long as its data */
};

/* Which stream a record belongs to; −1: none. */
static int stream_of(const struct tape_record *r)
{
    switch (r->kind) {
    case TAPE_ANSWER:
        return IMAGE_STREAM_ANSWER;
    case TAPE_NVM_WRITE:
        return IMAGE_STREAM_NVM;
    case TAPE_UART_SEND:
        return IMAGE_STREAM_FRAME;
    case TAPE_UART_CONFIGURE:
        return IMAGE_STREAM_UART;
    case TAPE_CT_RANGE:
        return IMAGE_STREAM_RANGE;
    case TAPE_LCD:
        return IMAGE_STREAM_GLASS;
    case TAPE_OUTPUT:
        return r->data[0] < HAL_OUTPUTS ? IMAGE_STREAM_OUTPUT + r->data[0] : -1;
    default:
        return -1;
    }
}

static void push(struct image_queue *q, const struct tape_record *r)
{
    const size_t size = offsetof(struct tape_record, data) + r->size;
    struct image_note *note = malloc(offsetof(struct image_note, record) + size);

    if (!note)
        abort();
    note->next = NULL;
    memcpy(&note->record, r, size);
    if (q->first)
        q->last->next = note;
    else
        q->first = note;
    q->last = note;
}

static void drop(struct image_queue *q)
{
    struct image_note *note = q->first;

    if (!note)
        return;
    q->first = note->next;
    free(note);
}

static void clear(struct image_queue *q)
{
    while (q->first)
        drop(q);
}

void image_streams_free(struct image_streams *s)
{
    for (int k = 0; k < IMAGE_STREAMS; k++) {
        clear(&s->tape.queue[k]);
        clear(&s->image.queue[k]);
    }
}

static void copy(struct tape_record *to, const struct tape_record *from)
{
    to->kind = 0;
    if (from)
        memcpy(to, from, offsetof(struct tape_record, data) + from->size);
}

static bool same(const struct tape_record *a, const struct tape_record *b)
{
    return a->size == b->size && !memcmp(a->data, b->data, a->size);
}

/* Either may be NULL: there is none. */
static void differ(struct image_streams *s, const struct tape_record *tape,
                   const struct tape_record *image)
{
    if (s->differs)
        return;
    s->differs = true;
    s->differs_ns = (tape ? tape : image)->time_ns;
    copy(&s->tape_has, tape);
    copy(&s->image_has, image);
    if (tape && image && !same(tape, image))
        s->image_has.time_ns = tape->time_ns; /* what is written, not when */
}

/* A record of energies: address, then the slot's head (core/nvm.h). */
static bool is_energy(const struct tape_record *r)
{
    return r->kind == TAPE_NVM_WRITE && r->size > NVM_HEAD + NVM_TRAILER &&
           r->data[NVM_KIND] == NVM_ENERGY;
}

/* It was written while the supply failed, or had not been good for long. */
static bool is_saved(const struct image_streams *s, const struct tape_record *r)
{
    return is_energy(r) && r->time_ns >= s->fails_ns &&
           (s->failing || r->time_ns <= s->good_ns + BACK_NS);
}

static uint32_t baud_of(const struct tape_record *r)
{
    return r->data[0] | (uint32_t)r->data[1] << 8 | (uint32_t)r->data[2] << 16;
}

/* The image's rate has the error of its crystal. */
static bool same_setup(const struct tape_record *a, const struct tape_record *b)
{
    const int64_t off = (int64_t)baud_of(a) - baud_of(b);

    return a->size == b->size && a->data[4] == b->data[4] &&
           (off < 0 ? -off : off) * 1000 < baud_of(a);
}

/* After a ride-through the image has saved more often: other numbers and slots. */
static bool agree(const struct image_streams *s, const struct tape_record *tape,
                  const struct tape_record *image)
{
    if (tape->kind == TAPE_UART_CONFIGURE)
        return same_setup(tape, image);
    if (!is_energy(tape) || !s->good_ns || tape->size != image->size)
        return same(tape, image);
    return !memcmp(tape->data + NVM_KIND, image->data + NVM_KIND,
                   tape->size - NVM_KIND - NVM_TRAILER);
}

/* The image may do what is asked at an instant a little before it, too: its clock
 * is its own. */
static bool in_time(struct image_streams *s, int stream, const struct tape_record *tape,
                    const struct tape_record *image)
{
    const int64_t late_ns = image->time_ns - tape->time_ns;

    if (stream < IMAGE_STREAM_OUTPUT)
        return true;
    if (late_ns > s->late_ns)
        s->late_ns = late_ns;
    return late_ns < EDGE_NS + s->drift_ns &&
           late_ns > -EDGE_NS - s->drift_ns - s->early_ns;
}

static void compare(struct image_streams *s, int stream)
{
    struct image_queue *tape = &s->tape.queue[stream], *image = &s->image.queue[stream];

    while (!s->differs && tape->first && image->first) {
        const struct tape_record *a = &tape->first->record, *b = &image->first->record;
        if (!agree(s, a, b) || !in_time(s, stream, a, b))
            differ(s, a, b);
        s->outputs++;
        drop(tape);
        drop(image);
    }
}

/* The core drives a contact as it is, too; a pin knows only changes. */
static bool changes(struct image_side *side, int stream, const struct tape_record *r)
{
    uint8_t *level = side->level[stream];

    if (stream < IMAGE_STREAM_UART || stream == IMAGE_STREAM_GLASS)
        return true;
    if (stream == IMAGE_STREAM_UART) {
        struct tape_record before = { .size = r->size };
        memcpy(before.data, level, sizeof side->level[stream]);
        if (same_setup(&before, r))
            return false;
    }
    const uint8_t *now = r->kind == TAPE_OUTPUT ? r->data + 1 : r->data;
    const size_t size = r->kind == TAPE_OUTPUT ? 1 : r->size;
    if (size > sizeof side->level[stream] || !memcmp(level, now, size))
        return false;
    memcpy(level, now, size);
    return true;
}

/* What stands there after this write. */
static void write_glass(struct image_side *side, const struct tape_record *r)
{
    struct tape_content content;

    if (!tape_content(r, &content) || content.number[0] > HAL_LCD_SIZE ||
        content.size > HAL_LCD_SIZE - content.number[0])
        return;
    memcpy(side->glass + content.number[0], content.bytes, content.size);
}

/* What stands there from now on waits for the other side. */
static void push_glass(struct image_side *side, int64_t now_ns)
{
    struct tape_record now = { .time_ns = now_ns };

    tape_make(&now, TAPE_LCD, TAPE_NUMBERS(0), side->glass, HAL_LCD_SIZE);
    push(&side->queue[IMAGE_STREAM_GLASS], &now);
}

/* What the image switches off while the supply fails. */
static bool darkens(int stream)
{
    return stream == IMAGE_STREAM_GLASS ||
           stream > IMAGE_STREAM_OUTPUT + HAL_ALARM_CONTACT;
}

static bool is_quiet(const struct image_streams *s, int stream)
{
    if (stream == IMAGE_STREAM_OUTPUT + HAL_LED_RED && s->no_red)
        return true;
    return (s->failing || s->quiet) && darkens(stream);
}

void image_streams_tape(struct image_streams *s, const struct tape_record *record)
{
    const int stream = stream_of(record);

    if (stream < 0 || s->differs || is_saved(s, record) ||
        !changes(&s->tape, stream, record))
        return;
    if (stream == IMAGE_STREAM_GLASS) {
        write_glass(&s->tape, record);
        s->glass_waits = true;
    }
    if (stream == IMAGE_STREAM_GLASS || is_quiet(s, stream))
        return;
    push(&s->tape.queue[stream], record);
    compare(s, stream);
}

void image_streams_image(struct image_streams *s, const struct tape_record *record)
{
    const int stream = stream_of(record);

    if (stream < 0 || s->differs || is_saved(s, record) ||
        !changes(&s->image, stream, record))
        return;
    if (stream == IMAGE_STREAM_GLASS)
        write_glass(&s->image, record);
    if (is_quiet(s, stream))
        return;
    if (stream == IMAGE_STREAM_GLASS) {
        push_glass(&s->image, record->time_ns);
        return;
    }
    push(&s->image.queue[stream], record);
    compare(s, stream);
}

/* The tape's glass shows it about then. */
static bool is_of_tape(const struct image_streams *s, const struct tape_record *shown)
{
    const struct image_note *state = s->tape.queue[IMAGE_STREAM_GLASS].first;

    while (state && state->record.time_ns <= shown->time_ns + GLASS_NS) {
        if (same(&state->record, shown))
            return true;
        state = state->next;
    }
    return false;
}

/* States that the tape's glass has left before this moment. */
static void forget_glass(struct image_queue *q, int64_t before_ns)
{
    while (q->first && q->first->next && q->first->next->record.time_ns < before_ns)
        drop(q);
}

/* What the image has shown for longer than a moment. */
static void settle_shown(struct image_streams *s, int64_t now_ns)
{
    struct image_queue *tape = &s->tape.queue[IMAGE_STREAM_GLASS],
                       *image = &s->image.queue[IMAGE_STREAM_GLASS];

    while (image->first && image->first->record.time_ns + GLASS_NS < now_ns) {
        const struct tape_record *shown = &image->first->record;
        const struct image_note *next = image->first->next;
        forget_glass(tape, shown->time_ns - GLASS_NS);
        if ((!next || next->record.time_ns - shown->time_ns > GLASS_NS) &&
            !is_of_tape(s, shown))
            differ(s, tape->last ? &tape->last->record : NULL, shown);
        s->outputs++;
        drop(image);
    }
    if (!image->first)
        forget_glass(tape, now_ns - GLASS_NS);
}

static void settle_glass(struct image_streams *s, int64_t now_ns)
{
    const struct image_queue *q = &s->tape.queue[IMAGE_STREAM_GLASS];

    if (s->glass_waits && (!q->first || memcmp(q->last->record.data + GLASS_ADDRESS,
                                               s->tape.glass, HAL_LCD_SIZE) != 0)) {
        push_glass(&s->tape, now_ns);
        s->glass_seen = false;
    }
    s->glass_waits = false;
    s->glass_seen |= !memcmp(s->image.glass, s->tape.glass, HAL_LCD_SIZE);
    if (q->first && !s->glass_seen && now_ns - q->last->record.time_ns > 2 * GLASS_NS)
        differ(s, &q->last->record, NULL);
    settle_shown(s, now_ns);
}

static void settle_edges(struct image_streams *s, int64_t now_ns)
{
    for (int k = IMAGE_STREAM_OUTPUT; k < IMAGE_STREAMS; k++) {
        const struct image_note *tape = s->tape.queue[k].first,
                                *image = s->image.queue[k].first;
        if (tape && now_ns - tape->record.time_ns > EDGE_NS + s->drift_ns)
            differ(s, &tape->record, NULL);
        else if (image &&
                 now_ns - image->record.time_ns > EDGE_NS + s->drift_ns + s->early_ns)
            differ(s, NULL, &image->record);
    }
}

/* The core gives a frame whole and at once; it leaves in characters of 11 bits at most. */
static void settle_frames(struct image_streams *s, int64_t now_ns)
{
    const struct image_note *tape = s->tape.queue[IMAGE_STREAM_FRAME].first,
                            *image = s->image.queue[IMAGE_STREAM_FRAME].first;
    const uint8_t *setup = s->tape.level[IMAGE_STREAM_UART];
    const uint32_t baud = setup[0] | (uint32_t)setup[1] << 8 | (uint32_t)setup[2] << 16;

    if (image)
        differ(s, NULL, &image->record);
    if (tape && baud &&
        now_ns - tape->record.time_ns >
            GLASS_NS + tape->record.size * INT64_C(11000000000) / baud)
        differ(s, &tape->record, NULL);
}

/* An output that is not as the tape has it; −1: none. */
static int other_output(const struct image_streams *s)
{
    for (int k = IMAGE_STREAM_OUTPUT; k < IMAGE_STREAMS; k++)
        if (darkens(k) && !(k == IMAGE_STREAM_OUTPUT + HAL_LED_RED && s->no_red) &&
            s->tape.level[k][0] != s->image.level[k][0])
            return k;
    return -1;
}

/* What the supply's failure has darkened is as the tape has it again; an LED that blinks
 * is so at the latest in its next period. */
static void settle_quiet(struct image_streams *s, int64_t now_ns)
{
    const int other = other_output(s);
    struct tape_record r = { .time_ns = now_ns };

    if (other < 0) {
        s->quiet = false;
        push_glass(&s->tape, now_ns);
        s->glass_waits = s->glass_seen = false;
        return;
    }
    if (now_ns - s->good_ns < 4 * QUIET_NS)
        return;
    tape_make(
        &r, TAPE_OUTPUT,
        TAPE_NUMBERS((unsigned)(other - IMAGE_STREAM_OUTPUT), s->tape.level[other][0]),
        NULL, 0);
    differ(s, &r, NULL);
}

void image_streams_supply(struct image_streams *s, bool good, int64_t now_ns)
{
    if (s->failing && good) {
        s->quiet = true;
        s->good_ns = now_ns;
    }
    if (!s->failing && !good) {
        for (int k = 0; k < IMAGE_STREAMS; k++)
            if (darkens(k)) {
                clear(&s->tape.queue[k]);
                clear(&s->image.queue[k]);
            }
        s->fails_ns = now_ns;
    }
    s->failing = !good;
}

void image_streams_settle(struct image_streams *s, int64_t now_ns)
{
    if (s->quiet && !s->failing && now_ns >= s->good_ns + QUIET_NS)
        settle_quiet(s, now_ns);
    if (!is_quiet(s, IMAGE_STREAM_GLASS))
        settle_glass(s, now_ns);
    settle_edges(s, now_ns);
    settle_frames(s, now_ns);
}

static bool may_be_cut(int stream)
{
    return stream == IMAGE_STREAM_FRAME || stream == IMAGE_STREAM_GLASS ||
           stream >= IMAGE_STREAM_OUTPUT;
}

/* All that must have come has come. */
static void require_all(struct image_streams *s)
{
    for (int k = 0; k < IMAGE_STREAMS; k++) {
        const struct image_note *tape = s->tape.queue[k].first,
                                *image = s->image.queue[k].first;
        if (may_be_cut(k))
            continue;

        if (tape)
            differ(s, &tape->record, NULL);
        else if (image)
            differ(s, NULL, &image->record);
    }
}

void image_streams_power(struct image_streams *s)
{
    require_all(s);
    image_streams_free(s);
    memset(s->tape.level, 0, sizeof s->tape.level);
    memset(s->image.level, 0, sizeof s->image.level);
    memset(s->tape.glass, 0, HAL_LCD_SIZE);
    memset(s->image.glass, 0, HAL_LCD_SIZE);
    s->glass_waits = s->glass_seen = s->failing = s->quiet = false;
    s->good_ns = 0;
    s->fails_ns = INT64_MAX;
}

void image_streams_end(struct image_streams *s)
{
    require_all(s);
}
