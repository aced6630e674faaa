/* Frames between client and gateway. See exam_wire.h. */
#include "sim/exam/exam_wire.h"
#include "sim/record/packet_tcp.h"
#include <string.h>

enum {
    READ_HOLDING = 3,
    READ_INPUT = 4,
    READ_BYTES = 5, /* function, address, count */
    EXCEPTION_BIT = 0x80,
    WORDS_SHOWN = 12
};

/* Of a connection, by direction. */
struct streams {
    struct mbap_stream in, out;
};

struct exam_wire *exam_wire_new(struct sim *sim, struct packet_file *pcap)
{
    struct exam_wire *w = g_new0(struct exam_wire, 1);

    w->sim = sim;
    w->pcap = pcap;
    w->frames = g_array_new(FALSE, FALSE, sizeof(struct exam_frame));
    w->streams = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return w;
}

void exam_wire_free(struct exam_wire *w)
{
    if (!w)
        return;
    g_array_unref(w->frames);
    g_hash_table_unref(w->streams);
    g_free(w);
}

static void add(struct exam_wire *w, struct exam_frame f)
{
    f.ns = sim_now(w->sim);
    g_array_append_val(w->frames, f);
    if (w->seen)
        w->seen(w->user, &f);
}

static struct streams *streams_of(struct exam_wire *w, unsigned connection)
{
    struct streams *s = g_hash_table_lookup(w->streams, GUINT_TO_POINTER(connection));

    if (!s) {
        s = g_new0(struct streams, 1);
        mbap_stream_init(&s->in);
        mbap_stream_init(&s->out);
        g_hash_table_insert(w->streams, GUINT_TO_POINTER(connection), s);
    }
    return s;
}

static void add_frames(struct exam_wire *w, struct mbap_stream *s, unsigned connection,
                       enum exam_frame_kind kind)
{
    struct exam_frame f = { .kind = kind, .connection = connection };
    struct mbap_frame frame;
    enum mbap_result result;

    while ((result = mbap_stream_next(s, &frame)) == MBAP_FRAME ||
           result == MBAP_FOREIGN) {
        if (result == MBAP_FOREIGN)
            continue;
        f.transaction = frame.transaction;
        f.unit = frame.unit;
        f.size = frame.pdu_bytes;
        memcpy(f.pdu, frame.pdu, (size_t)frame.pdu_bytes);
        add(w, f);
    }
}

static void add_bytes(struct exam_wire *w, unsigned connection,
                      enum exam_frame_kind kind, const uint8_t *bytes, int size)
{
    struct streams *both = streams_of(w, connection);
    struct mbap_stream *s = kind == EXAM_REQUEST ? &both->in : &both->out;
    uint8_t *at;

    while (size > 0) {
        const int room = MIN(size, mbap_stream_space(s, &at));
        if (room == 0) /* behind an impossible length nothing can be read */
            return;
        memcpy(at, bytes, (size_t)room);
        mbap_stream_add(s, room);
        add_frames(w, s, connection, kind);
        bytes += room;
        size -= room;
    }
}

void exam_wire_tap(void *user, uint64_t connection, int fd, enum gateway_traffic what,
                   const uint8_t *bytes, int size)
{
    struct exam_wire *w = user;
    const unsigned number = (unsigned)connection;

    if (w->pcap)
        packet_file_tcp(w->pcap, connection, fd, what, bytes, size);
    switch (what) {
    case GATEWAY_RECEIVED:
        add_bytes(w, number, EXAM_REQUEST, bytes, size);
        break;
    case GATEWAY_SENT:
        add_bytes(w, number, EXAM_ANSWER, bytes, size);
        break;
    case GATEWAY_OPENED:
        add(w, (struct exam_frame){ .kind = EXAM_OPENED, .connection = number });
        break;
    case GATEWAY_RESET:
        add(w, (struct exam_frame){ .kind = EXAM_RESET, .connection = number });
        break;
    case GATEWAY_CLOSED:
        add(w, (struct exam_frame){ .kind = EXAM_CLOSED, .connection = number });
        break;
    }
}

/* --- what frames say --- */

static unsigned word(const uint8_t *at)
{
    return (unsigned)at[0] << 8 | at[1];
}

bool exam_frame_read(const struct exam_frame *f, int *reg, int *count)
{
    if (f->kind != EXAM_REQUEST || f->size != READ_BYTES ||
        (f->pdu[0] != READ_HOLDING && f->pdu[0] != READ_INPUT))
        return false;
    *reg = (int)word(f->pdu + 1) + 1;
    *count = (int)word(f->pdu + 3);
    return true;
}

int exam_frame_exception(const struct exam_frame *f)
{
    return f->kind == EXAM_ANSWER && f->size >= 2 && f->pdu[0] & EXCEPTION_BIT
               ? f->pdu[1]
               : 0;
}

static void print_bytes(const struct exam_frame *f, GString *to)
{
    for (int k = 1; k < f->size && k <= 2 * WORDS_SHOWN; k++)
        g_string_append_printf(to, " %02X", f->pdu[k]);
    if (f->size > 2 * WORDS_SHOWN + 1)
        g_string_append(to, " …");
}

static void print_answer(const struct exam_frame *f, GString *to)
{
    if (exam_frame_exception(f)) {
        g_string_append_printf(to, "answer  %02X, exception %02X", f->pdu[0],
                               f->pdu[1]);
        return;
    }
    g_string_append_printf(to, "answer  %02X,", f->pdu[0]);
    if (f->pdu[0] != READ_HOLDING && f->pdu[0] != READ_INPUT) {
        print_bytes(f, to);
        return;
    }
    const int words = (f->size - 2) / 2;
    for (int k = 0; k < words && k < WORDS_SHOWN; k++)
        g_string_append_printf(to, " %04X", word(f->pdu + 2 + 2 * k));
    if (words > WORDS_SHOWN)
        g_string_append_printf(to, " … (%d words)", words);
}

static void print_request(const struct exam_frame *f, GString *to)
{
    int reg, count;

    g_string_append_printf(to, "request %02X,", f->pdu[0]);
    if (!exam_frame_read(f, &reg, &count))
        print_bytes(f, to);
    else if (count == 1)
        g_string_append_printf(to, " register %d", reg);
    else
        g_string_append_printf(to, " registers %d to %d", reg, reg + count - 1);
}

void exam_frame_print(const struct exam_frame *f, GString *to)
{
    static const char *const ends[] = { [EXAM_OPENED] = "opened",
                                        [EXAM_RESET] = "reset by the gateway",
                                        [EXAM_CLOSED] = "closed" };

    g_string_append_printf(to, "%8.3f s  #%u ", (double)f->ns * 1e-9, f->connection);
    if (f->kind != EXAM_REQUEST && f->kind != EXAM_ANSWER) {
        g_string_append_printf(to, "connection %s", ends[f->kind]);
        return;
    }
    g_string_append_printf(to, "tid %u unit %u  ", f->transaction, f->unit);
    if (f->kind == EXAM_REQUEST)
        print_request(f, to);
    else
        print_answer(f, to);
}
