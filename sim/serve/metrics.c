/* GET /metrics. See metrics.h. RFC 9112 as far as it is needed: the request line
 * decides, headers are read to their end and ignored, a body is not waited for. */
#include "sim/serve/metrics.h"
#include "sim/program/error.h"
#include <gio/gio.h>
#include <string.h>

struct metrics {
    GSocketService *service;
    GCancellable *ended;
    void (*print)(void *user, GString *text);
    void *user;
    int clients, references; /* references: the owner and the clients */
};

struct client {
    struct metrics *metrics;
    GSocketConnection *connection;
    char request[METRICS_REQUEST];
    gsize size;
    GString *answer;
};

static void unref(struct metrics *m)
{
    if (--m->references)
        return;
    g_object_unref(m->ended);
    g_free(m);
}

static void client_free(struct client *c)
{
    g_io_stream_close(G_IO_STREAM(c->connection), NULL, NULL);
    g_object_unref(c->connection);
    if (c->answer)
        g_string_free(c->answer, TRUE);
    c->metrics->clients--;
    unref(c->metrics);
    g_free(c);
}

static void on_written(GObject *stream, GAsyncResult *result, gpointer client)
{
    g_output_stream_write_all_finish(G_OUTPUT_STREAM(stream), result, NULL, NULL);
    client_free(client);
}

static void answer(struct client *c, const char *status, const char *body)
{
    c->answer = g_string_new(NULL);
    g_string_append_printf(c->answer,
                           "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; "
                           "charset=utf-8\r\nContent-Length: %zu\r\nConnection: "
                           "close\r\n\r\n%s",
                           status, strlen(body), body);
    g_output_stream_write_all_async(
        g_io_stream_get_output_stream(G_IO_STREAM(c->connection)), c->answer->str,
        c->answer->len, G_PRIORITY_DEFAULT, c->metrics->ended, on_written, c);
}

static void serve(struct client *c)
{
    const char *space = strchr(c->request, ' ');
    size_t path = space ? strcspn(space + 1, " ?\r\n") : 0;

    if (!space || !strstr(space + 1 + path, " HTTP/1.")) {
        answer(c, "400 Bad Request", "not an HTTP request\n");
    } else if (strncmp(c->request, "GET ", 4)) {
        answer(c, "405 Method Not Allowed", "only GET\n");
    } else if (path != 8 || strncmp(space + 1, "/metrics", 8)) {
        answer(c, "404 Not Found", "only /metrics\n");
    } else {
        GString *text = g_string_new(NULL);
        c->metrics->print(c->metrics->user, text);
        answer(c, "200 OK", text->str);
        g_string_free(text, TRUE);
    }
}

static void read_more(struct client *c);

static void on_read(GObject *stream, GAsyncResult *result, gpointer client)
{
    struct client *c = client;
    gssize n = g_input_stream_read_finish(G_INPUT_STREAM(stream), result, NULL);

    if (n <= 0) {
        client_free(c);
        return;
    }
    c->size += (gsize)n;
    c->request[c->size] = '\0';
    if (strstr(c->request, "\r\n\r\n") || strstr(c->request, "\n\n"))
        serve(c);
    else if (c->size == sizeof c->request - 1)
        answer(c, "431 Request Header Fields Too Large", "too long\n");
    else
        read_more(c);
}

static void read_more(struct client *c)
{
    g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(c->connection)),
                              c->request + c->size, sizeof c->request - 1 - c->size,
                              G_PRIORITY_DEFAULT, c->metrics->ended, on_read, c);
}

static gboolean on_incoming(GSocketService *service, GSocketConnection *connection,
                            GObject *source, gpointer metrics)
{
    struct metrics *m = metrics;

    (void)service;
    (void)source;
    if (m->clients == METRICS_CLIENTS)
        return TRUE; /* GIO drops its reference, which closes */
    struct client *c = g_new0(struct client, 1);
    c->metrics = m;
    c->connection = g_object_ref(connection);
    m->clients++;
    m->references++;
    g_socket_set_timeout(g_socket_connection_get_socket(connection), METRICS_TIMEOUT_S);
    read_more(c);
    return TRUE;
}

static int bound_port(GSocketAddress *address)
{
    return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(address));
}

/* NULL with *error set. */
static GSocketService *listen_at(GSocketAddress *address, int *port, GError **error)
{
    GSocketService *service = g_socket_service_new();
    GSocketAddress *bound = NULL;

    g_socket_listener_set_backlog(G_SOCKET_LISTENER(service), 4 * METRICS_CLIENTS);
    if (!g_socket_listener_add_address(G_SOCKET_LISTENER(service), address,
                                       G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                       NULL, &bound, error)) {
        g_object_unref(service);
        return NULL;
    }
    *port = bound_port(bound);
    g_object_unref(bound);
    return service;
}

struct metrics *metrics_new(struct aside *loop, const char *host, int *port,
                            void (*print)(void *user, GString *text), void *user,
                            GError **error)
{
    GSocketAddress *address = g_inet_socket_address_new_from_string(host, (guint)*port);

    if (!address) {
        error_set(error, "'%s' is no numeric address", host);
        return NULL;
    }
    aside_enter(loop);
    GSocketService *service = listen_at(address, port, error);
    aside_leave(loop);
    g_object_unref(address);
    if (!service)
        return NULL;
    struct metrics *m = g_new0(struct metrics, 1);
    *m = (struct metrics){ service, g_cancellable_new(), print, user, 0, 1 };
    g_signal_connect(service, "incoming", G_CALLBACK(on_incoming), m);
    return m;
}

void metrics_free(struct metrics *m)
{
    if (!m)
        return;
    g_signal_handlers_disconnect_by_data(m->service, m);
    g_socket_service_stop(m->service);
    g_socket_listener_close(G_SOCKET_LISTENER(m->service));
    g_object_unref(m->service);
    g_cancellable_cancel(m->ended);
    unref(m);
}
