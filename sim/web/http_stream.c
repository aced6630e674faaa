/* A metered connection. See http_stream.h. */
#include "sim/web/http_stream.h"
#include "sim/web/http_head.h"

/* The input: what the socket has, within the limits. */
struct metered_input {
    GFilterInputStream parent;
    struct aside *loop;
    struct aside_client share;
    gint64 second_us;
    gsize second, pending;
    struct http_head head;
};

typedef struct metered_input MeteredInput;
typedef GFilterInputStreamClass MeteredInputClass;

static void pollable_init(GPollableInputStreamInterface *interface);

static GType metered_input_get_type(void);
G_DEFINE_TYPE_WITH_CODE(MeteredInput, metered_input, G_TYPE_FILTER_INPUT_STREAM,
                        G_IMPLEMENT_INTERFACE(G_TYPE_POLLABLE_INPUT_STREAM,
                                              pollable_init))

static GPollableInputStream *base_of(GPollableInputStream *stream)
{
    return G_POLLABLE_INPUT_STREAM(
        g_filter_input_stream_get_base_stream(G_FILTER_INPUT_STREAM(stream)));
}

static gboolean can_poll(GPollableInputStream *stream)
{
    return g_pollable_input_stream_can_poll(base_of(stream));
}

static gboolean is_readable(GPollableInputStream *stream)
{
    return g_pollable_input_stream_is_readable(base_of(stream));
}

static GSource *create_source(GPollableInputStream *stream, GCancellable *cancellable)
{
    GSource *base = g_pollable_input_stream_create_source(base_of(stream), cancellable);
    GSource *source = g_pollable_source_new_full(stream, base, cancellable);

    g_source_unref(base);
    return source;
}

static bool is_too_much(struct metered_input *m)
{
    const gint64 now_us = g_get_monotonic_time();

    if (now_us - m->second_us >= G_USEC_PER_SEC) {
        m->second_us = now_us;
        m->second = 0;
    }
    return m->second >= HTTP_SECOND || m->pending >= HTTP_PENDING;
}

static gssize read_some(GPollableInputStream *stream, void *buffer, gsize count,
                        GError **error)
{
    struct metered_input *m = (struct metered_input *)stream;
    const gsize most = aside_budget(m->loop, &m->share);

    if (is_too_much(m)) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "too much");
        return -1;
    }
    if (!most) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "not now");
        return -1;
    }
    const gssize size = g_pollable_input_stream_read_nonblocking(
        base_of(stream), buffer, MIN(count, most), NULL, error);
    if (size > 0) {
        aside_spend(m->loop, &m->share, m->head.ended ? (gsize)size : ASIDE_PIECE);
        m->second += (gsize)size;
        m->pending += (gsize)size;
        if (!http_head_takes(&m->head, buffer, (gsize)size)) {
            g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, "no request");
            return -1;
        }
    }
    return size;
}

static void pollable_init(GPollableInputStreamInterface *interface)
{
    interface->can_poll = can_poll;
    interface->is_readable = is_readable;
    interface->create_source = create_source;
    interface->read_nonblocking = read_some;
}

static void metered_input_class_init(MeteredInputClass *class)
{
    (void)class;
}

static void metered_input_init(struct metered_input *m)
{
    m->second_us = g_get_monotonic_time();
}

/* Both directions. */
struct metered_stream {
    GIOStream parent;
    GSocketConnection *connection;
    GInputStream *input;
};

typedef struct metered_stream MeteredStream;
typedef GIOStreamClass MeteredStreamClass;

static GType metered_stream_get_type(void);
G_DEFINE_TYPE(MeteredStream, metered_stream, G_TYPE_IO_STREAM)

static GInputStream *get_input(GIOStream *stream)
{
    return ((struct metered_stream *)stream)->input;
}

static GOutputStream *get_output(GIOStream *stream)
{
    return g_io_stream_get_output_stream(
        G_IO_STREAM(((struct metered_stream *)stream)->connection));
}

static gboolean close_both(GIOStream *stream, GCancellable *cancellable, GError **error)
{
    return g_io_stream_close(G_IO_STREAM(((struct metered_stream *)stream)->connection),
                             cancellable, error);
}

static void finalize(GObject *object)
{
    struct metered_stream *s = (struct metered_stream *)object;

    g_object_unref(s->input);
    g_object_unref(s->connection);
    G_OBJECT_CLASS(metered_stream_parent_class)->finalize(object);
}

static void metered_stream_class_init(MeteredStreamClass *class)
{
    class->get_input_stream = get_input;
    class->get_output_stream = get_output;
    class->close_fn = close_both;
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static void metered_stream_init(struct metered_stream *s)
{
    (void)s;
}

GIOStream *http_stream_new(GSocketConnection *connection, struct aside *loop)
{
    struct metered_stream *s = g_object_new(metered_stream_get_type(), NULL);

    s->connection = g_object_ref(connection);
    s->input = g_object_new(metered_input_get_type(), "base-stream",
                            g_io_stream_get_input_stream(G_IO_STREAM(connection)),
                            "close-base-stream", FALSE, NULL);
    ((struct metered_input *)s->input)->loop = loop;
    return G_IO_STREAM(s);
}

GSocket *http_stream_socket(GIOStream *stream)
{
    return g_socket_connection_get_socket(
        ((struct metered_stream *)stream)->connection);
}

void http_stream_whole(GIOStream *stream)
{
    ((struct metered_input *)((struct metered_stream *)stream)->input)->pending = 0;
}
