/* One WebSocket client. See web_client.h. libsoup keeps what the socket does not take,
 * without a bound: so nothing is given to it while the socket takes nothing, and to all
 * clients no more than WEB_TURN_MAX in a turn. What comes is bounded by http_stream.h. */
#include "sim/web/web_client.h"
#include "sim/web/http_stream.h"
#include <string.h>
#include <sys/socket.h>

enum { CLOSE_NOW = 1, PING_SECONDS = 30 };

static void leave(struct web_client *c)
{
    g_atomic_int_set(&c->gone, CLOSE_NOW);
    g_socket_shutdown(c->socket, TRUE, TRUE, NULL); /* nothing more is read, either */
    c->wake(c->wake_user);
}

/* Without a goodbye: else the kernel keeps what is sent to it, or what it sends, for
 * minutes. */
static void drop(struct web_client *c)
{
    const struct linger reset = { .l_onoff = 1, .l_linger = 0 };

    setsockopt(g_socket_get_fd(c->socket), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    leave(c);
}

static void on_message(SoupWebsocketConnection *connection, gint type, GBytes *bytes,
                       gpointer user)
{
    struct web_client *c = user;
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);

    (void)connection;
    http_stream_whole(c->stream);
    if (type != SOUP_WEBSOCKET_DATA_TEXT ||
        g_async_queue_length(c->in) >= WEB_PENDING_MAX || memchr(text, '\0', size)) {
        drop(c);
        return;
    }
    g_async_queue_push(c->in, g_strndup(text, size));
    c->wake(c->wake_user);
}

static void on_closed(SoupWebsocketConnection *connection, gpointer user)
{
    (void)connection;
    leave(user);
}

/* libsoup would say goodbye and wait for an answer. */
static void on_error(SoupWebsocketConnection *connection, GError *error, gpointer user)
{
    (void)connection;
    (void)error;
    drop(user);
}

struct web_client *web_client_new(SoupWebsocketConnection *connection,
                                  GIOStream *stream, void (*wake)(void *user),
                                  void *user)
{
    struct web_client *c = g_new0(struct web_client, 1);

    c->connection = g_object_ref(connection);
    c->stream = g_object_ref(stream);
    c->socket = http_stream_socket(stream);
    c->in = g_async_queue_new_full(g_free);
    c->wake = wake;
    c->wake_user = user;
    g_queue_init(&c->out);
    soup_websocket_connection_set_max_incoming_payload_size(connection,
                                                            WEB_MESSAGE_MAX);
    soup_websocket_connection_set_keepalive_interval(connection, PING_SECONDS);
    g_signal_connect(connection, "message", G_CALLBACK(on_message), c);
    g_signal_connect(connection, "error", G_CALLBACK(on_error), c);
    g_signal_connect(connection, "closing", G_CALLBACK(on_closed), c);
    g_signal_connect(connection, "closed", G_CALLBACK(on_closed), c);
    return c;
}

void web_client_free(struct web_client *c)
{
    g_signal_handlers_disconnect_by_data(c->connection, c);
    g_socket_shutdown(c->socket, TRUE, TRUE, NULL);
    g_object_unref(c->connection);
    g_object_unref(c->stream);
    g_async_queue_unref(c->in);
    g_queue_clear_full(&c->out, g_free);
    g_free(c->frame);
    g_free(c);
}

bool web_client_is_gone(const struct web_client *c)
{
    return g_atomic_int_get(&c->gone);
}

bool web_client_asks(const struct web_client *c)
{
    return g_async_queue_length(c->in) > 0;
}

char *web_client_next(struct web_client *c)
{
    return g_async_queue_try_pop(c->in);
}

void web_client_send(struct web_client *c, char *text)
{
    c->out_size += strlen(text);
    g_queue_push_tail(&c->out, text);
}

static bool takes(const struct web_client *c)
{
    return soup_websocket_connection_get_state(c->connection) ==
               SOUP_WEBSOCKET_STATE_OPEN &&
           g_socket_condition_check(c->socket, G_IO_OUT) & G_IO_OUT;
}

static void send_next(struct web_client *c, gsize *turn)
{
    char *text = g_queue_pop_head(&c->out);
    const gsize size = strlen(text);

    soup_websocket_connection_send_text(c->connection, text);
    g_free(text);
    c->out_size -= size;
    *turn -= MIN(MAX(size, WEB_TURN_LEAST), *turn);
}

/* libsoup and the kernel hold more, of which this alone is seen: no more is taken. */
static void note_reading(struct web_client *c, bool reads)
{
    const gint64 now_us = g_get_monotonic_time();

    if (reads)
        c->unread_us = 0;
    else if (!c->unread_us)
        c->unread_us = now_us;
    if (c->out_size > WEB_UNREAD_MAX ||
        (c->unread_us && now_us - c->unread_us > WEB_UNREAD_SECONDS * G_USEC_PER_SEC))
        drop(c);
}

bool web_client_flush(struct web_client *c, gsize *turn)
{
    bool takes_more = true, sent = false;

    if (!c->owes && g_queue_is_empty(&c->out))
        return false;
    while ((takes_more = takes(c)) && !g_queue_is_empty(&c->out) && *turn) {
        send_next(c, turn);
        sent = true;
    }
    c->owes = !takes_more;
    note_reading(c, sent || takes_more);
    return c->owes || !g_queue_is_empty(&c->out);
}

bool web_client_reads(const struct web_client *c)
{
    return !c->out_size && takes(c);
}
