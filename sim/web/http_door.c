/* A bounded port of HTTP. See http_door.h. libsoup accepts any number of clients and
 * waits for them for ever, so connections are accepted here and given to it. */
#include "sim/web/http_door.h"
#include "sim/program/error.h"
#include "sim/web/http_stream.h"
#include <string.h>

enum { BACKLOG = 64 };

struct http_door {
    struct aside *loop;
    SoupServer *server;
    GSocketService *service;
    GPtrArray *visitors; /* struct visitor */
    GPtrArray *texts;    /* struct text */
    bool (*admit)(void *user, SoupServerMessage *message);
    void *admit_user;
};

/* A connection that has not become a WebSocket. */
struct visitor {
    struct http_door *door;
    GObject *connection;
    GSocket *socket;
    GSource *deadline;
};

struct text {
    char *path;
    const char *type;
    void (*print)(void *user, GString *text);
    void *user;
};

static void visitor_free(void *visitor)
{
    struct visitor *v = visitor;

    g_source_destroy(v->deadline);
    g_source_unref(v->deadline);
    g_object_unref(v->socket);
    g_free(v);
}

static void on_gone(gpointer visitor, GObject *connection)
{
    struct visitor *v = visitor;

    (void)connection;
    g_ptr_array_remove_fast(v->door->visitors, v);
}

static gboolean on_deadline(gpointer visitor)
{
    g_socket_shutdown(((struct visitor *)visitor)->socket, TRUE, TRUE, NULL);
    return G_SOURCE_REMOVE;
}

static void add_visitor(struct http_door *d, GSocketConnection *connection)
{
    struct visitor *v = g_new0(struct visitor, 1);

    v->door = d;
    v->connection = G_OBJECT(connection);
    v->socket = g_object_ref(g_socket_connection_get_socket(connection));
    v->deadline = g_timeout_source_new_seconds(HTTP_SECONDS);
    g_source_set_callback(v->deadline, on_deadline, v, NULL);
    g_source_attach(v->deadline, g_main_context_get_thread_default());
    g_object_weak_ref(v->connection, on_gone, v);
    g_ptr_array_add(d->visitors, v);
}

static gboolean on_incoming(GSocketService *service, GSocketConnection *connection,
                            GObject *source, gpointer door)
{
    struct http_door *d = door;

    (void)service;
    (void)source;
    if (d->visitors->len >= HTTP_CLIENTS)
        return TRUE; /* GIO drops its reference, which closes */
    GSocketAddress *local = g_socket_connection_get_local_address(connection, NULL);
    GSocketAddress *remote = g_socket_connection_get_remote_address(connection, NULL);
    if (local && remote) {
        GIOStream *metered = http_stream_new(connection, d->loop);
        add_visitor(d, connection);
        soup_server_accept_iostream(d->server, metered, local, remote, NULL);
        g_object_unref(metered);
    }
    g_clear_object(&local);
    g_clear_object(&remote);
    return TRUE;
}

static void refuse(SoupServerMessage *m, guint status, const char *text)
{
    soup_server_message_set_status(m, status, NULL);
    soup_server_message_set_response(m, "text/plain; charset=utf-8", SOUP_MEMORY_STATIC,
                                     text, strlen(text));
}

static bool is_read(SoupServerMessage *m)
{
    const char *method = soup_server_message_get_method(m);

    if (!strcmp(method, "GET") || !strcmp(method, "HEAD"))
        return true;
    soup_message_headers_replace(soup_server_message_get_response_headers(m), "Allow",
                                 "GET, HEAD");
    refuse(m, SOUP_STATUS_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    return false;
}

static const struct text *find_text(const struct http_door *d, const char *path)
{
    for (guint k = 0; k < d->texts->len; k++) {
        const struct text *t = g_ptr_array_index(d->texts, k);
        if (!strcmp(path, t->path))
            return t;
    }
    return NULL;
}

/* For browsers: a page of this server talks to this server alone, and stands in no frame
 * of another page, where its buttons might be pressed unseen. */
static const char *const headers[][2] = {
    { "Connection", "close" },
    { "Cache-Control", "no-store" },
    { "X-Content-Type-Options", "nosniff" },
    { "X-Frame-Options", "DENY" },
    { "Referrer-Policy", "no-referrer" },
};

/* CSP 3 has WebSockets in 'self'; the browsers of CSP 2 want them named, by a host that
 * is a word of its grammar (no IPv6 address). */
static void set_policy(SoupServerMessage *m)
{
    const char *host = soup_message_headers_get_one(
        soup_server_message_get_request_headers(m), "Host");
    const bool is_word =
        host && *host &&
        !host[strspn(host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-:")];
    char *sockets =
        is_word ? g_strdup_printf(" ws://%s wss://%s", host, host) : g_strdup("");
    char *policy = g_strdup_printf(
        "default-src 'none'; script-src 'unsafe-inline' 'wasm-unsafe-eval'; style-src "
        "'unsafe-inline'; img-src data:; connect-src 'self'%s; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'",
        sockets);

    soup_message_headers_replace(soup_server_message_get_response_headers(m),
                                 "Content-Security-Policy", policy);
    g_free(policy);
    g_free(sockets);
}

/* Of HEAD libsoup sends the length alone, which is that of GET (RFC 9110, 9.3.2). */
static void on_request(SoupServer *server, SoupServerMessage *m, const char *path,
                       GHashTable *query, gpointer door)
{
    struct http_door *d = door;
    const struct text *t = find_text(d, path);

    (void)server;
    (void)query;
    if (d->admit && !d->admit(d->admit_user, m))
        return;
    if (!t) {
        refuse(m, SOUP_STATUS_NOT_FOUND, "there is nothing at this path\n");
        return;
    }
    if (!is_read(m))
        return;
    set_policy(m);
    GString *text = g_string_new(NULL);
    t->print(t->user, text);
    soup_server_message_set_status(m, SOUP_STATUS_OK, NULL);
    soup_server_message_set_response(m, t->type, SOUP_MEMORY_COPY, text->str,
                                     text->len);
    g_string_free(text, TRUE);
}

/* A body is nothing that is wanted: it is not kept. */
static void on_started(SoupServer *server, SoupServerMessage *m, gpointer user)
{
    SoupMessageHeaders *to = soup_server_message_get_response_headers(m);

    (void)server;
    (void)user;
    soup_message_body_set_accumulate(soup_server_message_get_request_body(m), FALSE);
    for (gsize k = 0; k < G_N_ELEMENTS(headers); k++)
        soup_message_headers_replace(to, headers[k][0], headers[k][1]);
}

static bool listen_at(struct http_door *d, GSocketAddress *address, int *port,
                      GError **error)
{
    GSocketAddress *bound = NULL;

    g_socket_listener_set_backlog(G_SOCKET_LISTENER(d->service), BACKLOG);
    if (!g_socket_listener_add_address(G_SOCKET_LISTENER(d->service), address,
                                       G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                       NULL, &bound, error))
        return false;
    *port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    g_object_unref(bound);
    return true;
}

static void text_free(void *text)
{
    g_free(((struct text *)text)->path);
    g_free(text);
}

struct http_door *http_door_open(struct aside *loop, const char *host, int *port,
                                 GError **error)
{
    GSocketAddress *address = g_inet_socket_address_new_from_string(host, (guint)*port);

    if (!address) {
        error_set(error, "'%s' is no numeric address", host);
        return NULL;
    }
    struct http_door *d = g_new0(struct http_door, 1);
    d->loop = loop;
    d->visitors = g_ptr_array_new_with_free_func(visitor_free);
    d->texts = g_ptr_array_new_with_free_func(text_free);
    aside_enter(loop);
    d->server = soup_server_new("server-header", "metersim", NULL);
    d->service = g_socket_service_new();
    const bool listens = listen_at(d, address, port, error);
    aside_leave(loop);
    g_object_unref(address);
    g_signal_connect(d->service, "incoming", G_CALLBACK(on_incoming), d);
    g_signal_connect(d->server, "request-started", G_CALLBACK(on_started), d);
    soup_server_add_handler(d->server, NULL, on_request, d, NULL);
    if (listens)
        return d;
    http_door_close(d);
    return NULL;
}

static void forget(struct visitor *v)
{
    g_object_weak_unref(v->connection, on_gone, v);
    g_socket_shutdown(v->socket, TRUE, TRUE, NULL);
}

void http_door_close(struct http_door *d)
{
    if (!d)
        return;
    aside_enter(d->loop);
    g_signal_handlers_disconnect_by_data(d->service, d);
    g_socket_service_stop(d->service);
    g_socket_listener_close(G_SOCKET_LISTENER(d->service));
    g_object_unref(d->service);
    for (guint k = 0; k < d->visitors->len; k++)
        forget(g_ptr_array_index(d->visitors, k));
    g_ptr_array_unref(d->visitors);
    soup_server_disconnect(d->server);
    g_object_unref(d->server);
    aside_leave(d->loop);
    g_ptr_array_unref(d->texts);
    g_free(d);
}

SoupServer *http_door_server(struct http_door *d)
{
    return d->server;
}

void http_door_add_text(struct http_door *d, const char *path, const char *type,
                        void (*print)(void *user, GString *text), void *user)
{
    struct text *t = g_new0(struct text, 1);

    *t = (struct text){ g_strdup(path), type, print, user };
    g_ptr_array_add(d->texts, t);
}

void http_door_guard(struct http_door *d,
                     bool (*admit)(void *user, SoupServerMessage *message), void *user)
{
    d->admit = admit;
    d->admit_user = user;
}

void http_door_release(struct http_door *d, const GSocket *socket)
{
    for (guint k = 0; k < d->visitors->len; k++) {
        struct visitor *v = g_ptr_array_index(d->visitors, k);
        if (v->socket != socket)
            continue;
        g_object_weak_unref(v->connection, on_gone, v);
        g_ptr_array_remove_index_fast(d->visitors, k);
        return;
    }
}
