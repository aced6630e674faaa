/* The socket of a console. See console_socket.h. GIO does the waiting; a client is read
 * only while nothing of it is under way, so one that never reads its answers, or sends
 * without end, holds up nobody but itself. While a line is under way its client is
 * looked after all the same: when it has hung up, what it waits for ends. */
#include "sim/console/console_socket.h"
#include "sim/console/console.h"
#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 4096, BACKLOG = 128 /* GLib's 10 are full while a line computes */ };

struct console_socket {
    GSocketService *service;
    struct console_socket_calls calls;
    void *user;
    char *path;
    GPtrArray *clients;
};

struct console_client {
    struct console_socket *socket; /* NULL: closed */
    GSocketConnection *connection;
    GCancellable *cancel;
    GSource *hangup; /* while a line is under way */
    GString *in, *out;
    char piece[PIECE];
    gboolean busy, writing;
    gboolean discarding; /* what is left of a line that was too long */
    int references;      /* calls under way, and one of the socket's list */
};

static void read_on(struct console_client *c);

static void release(struct console_client *c)
{
    if (--c->references)
        return;
    g_io_stream_close(G_IO_STREAM(c->connection), NULL, NULL);
    g_object_unref(c->connection);
    g_object_unref(c->cancel);
    g_string_free(c->in, TRUE);
    g_string_free(c->out, TRUE);
    g_free(c);
}

static void forget_hangup(struct console_client *c)
{
    if (!c->hangup)
        return;
    g_source_destroy(c->hangup);
    g_clear_pointer(&c->hangup, g_source_unref);
}

static void drop(struct console_client *c)
{
    struct console_socket *s = c->socket;

    if (!s)
        return;
    c->socket = NULL;
    forget_hangup(c);
    g_cancellable_cancel(c->cancel);
    s->calls.gone(s->user, c);
    g_ptr_array_remove_fast(s->clients, c);
    release(c);
}

static gboolean on_hangup(GSocket *socket, GIOCondition condition, gpointer user)
{
    (void)socket;
    (void)condition;
    drop(user);
    return G_SOURCE_REMOVE;
}

/* A client that has only ended its own sending waits for the answer: that is no HUP. */
static void await_hangup(struct console_client *c)
{
    c->hangup = g_socket_create_source(g_socket_connection_get_socket(c->connection),
                                       G_IO_HUP, NULL);
    g_source_set_callback(c->hangup, G_SOURCE_FUNC(on_hangup), c, NULL);
    g_source_attach(c->hangup, NULL);
}

/* Answers the line that is too long; what is to come of it is discarded. */
static void refuse_line(struct console_client *c)
{
    static const char answer[] =
        "{\"ok\":false,\"error\":\"a line may have " G_STRINGIFY(
            CONSOLE_LINE_BYTES) " bytes at the most\"}";

    c->busy = TRUE;
    console_client_answer(c, answer);
}

/* The rest of a line that was refused: no piece of it is a line of its own. */
static void discard(struct console_client *c)
{
    const char *end = memchr(c->in->str, '\n', c->in->len);

    g_string_erase(c->in, 0, end ? end - c->in->str + 1 : -1);
    c->discarding = !end;
}

/* Gives the next complete line away. */
static void parse_line(struct console_client *c)
{
    if (c->discarding)
        discard(c);
    const char *end = memchr(c->in->str, '\n', c->in->len);
    gsize length = end ? (gsize)(end - c->in->str) : c->in->len;
    if (length > CONSOLE_LINE_MAX) {
        c->discarding = TRUE;
        discard(c);
        refuse_line(c);
        return;
    }
    if (!end)
        return;
    g_autofree char *line = g_utf8_make_valid(c->in->str, (gssize)length);
    g_string_erase(c->in, 0, (gssize)length + 1);
    c->busy = TRUE;
    g_strchomp(line);
    c->socket->calls.line(c->socket->user, c, line);
    if (c->socket && !c->writing)
        await_hangup(c);
}

static void on_written(GObject *stream, GAsyncResult *result, gpointer user)
{
    struct console_client *c = user;
    gboolean written =
        g_output_stream_write_all_finish(G_OUTPUT_STREAM(stream), result, NULL, NULL);

    c->writing = FALSE;
    if (!written)
        drop(c);
    else if (c->socket) {
        c->busy = FALSE;
        parse_line(c);
        read_on(c);
    }
    release(c);
}

void console_client_answer(struct console_client *c, const char *line)
{
    if (!c->socket || c->writing)
        return;
    forget_hangup(c);
    g_string_printf(c->out, "%s\n", line);
    c->writing = TRUE;
    c->references++;
    g_output_stream_write_all_async(
        g_io_stream_get_output_stream(G_IO_STREAM(c->connection)), c->out->str,
        c->out->len, G_PRIORITY_DEFAULT, c->cancel, on_written, c);
}

static void on_read(GObject *stream, GAsyncResult *result, gpointer user)
{
    struct console_client *c = user;
    gssize size = g_input_stream_read_finish(G_INPUT_STREAM(stream), result, NULL);

    if (size <= 0)
        drop(c);
    else if (c->socket) {
        g_string_append_len(c->in, c->piece, size);
        parse_line(c);
        read_on(c);
    }
    release(c);
}

static void read_on(struct console_client *c)
{
    if (!c->socket || c->busy || c->writing)
        return;
    c->references++;
    g_input_stream_read_async(g_io_stream_get_input_stream(G_IO_STREAM(c->connection)),
                              c->piece, sizeof c->piece, G_PRIORITY_DEFAULT, c->cancel,
                              on_read, c);
}

static gboolean is_owner(GSocketConnection *connection)
{
    GCredentials *peer =
        g_socket_get_credentials(g_socket_connection_get_socket(connection), NULL);
    gboolean own = peer && g_credentials_get_unix_user(peer, NULL) == geteuid();

    g_clear_object(&peer);
    return own;
}

static gboolean on_incoming(GSocketService *service, GSocketConnection *connection,
                            GObject *source, gpointer user)
{
    struct console_socket *s = user;

    (void)service;
    (void)source;
    if (!is_owner(connection) || s->clients->len >= CONSOLE_CLIENTS_MAX)
        return TRUE;
    struct console_client *c = g_new0(struct console_client, 1);
    c->socket = s;
    c->connection = g_object_ref(connection);
    c->cancel = g_cancellable_new();
    c->in = g_string_new("");
    c->out = g_string_new("");
    c->references = 1;
    g_ptr_array_add(s->clients, c);
    read_on(c);
    return TRUE;
}

/* Removes a socket that is left over; never anything else. One whose server is busy or
 * stopped takes the connection, or would block. */
static void remove_stale(const char *path)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(path);
    GError *refused = NULL;
    GSocket *probe;
    struct stat at;

    if (!lstat(path, &at) && S_ISSOCK(at.st_mode) &&
        (probe = g_socket_new(G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM,
                              G_SOCKET_PROTOCOL_DEFAULT, NULL))) {
        g_socket_set_blocking(probe, FALSE);
        g_socket_connect(probe, address, NULL, &refused);
        if (g_error_matches(refused, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
            g_unlink(path);
        g_clear_error(&refused);
        g_object_unref(probe);
    }
}

/* A server whose process lives may have bound its socket and not listen yet. */
void console_socket_sweep(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        char *end, *path = g_build_filename(folder, name, NULL);
        const gint64 pid = g_ascii_strtoll(name, &end, 10);
        if (pid > 0 && pid <= G_MAXINT && !strcmp(end, ".sock") &&
            kill((pid_t)pid, 0) && errno == ESRCH)
            remove_stale(path);
        g_free(path);
    }
    if (dir)
        g_dir_close(dir);
}

static gboolean listen_at(struct console_socket *s, GError **error)
{
    g_autoptr(GSocketAddress) address = g_unix_socket_address_new(s->path);

    remove_stale(s->path);
    g_socket_listener_set_backlog(G_SOCKET_LISTENER(s->service), BACKLOG);
    mode_t mask = umask(0177);
    gboolean done = g_socket_listener_add_address(
        G_SOCKET_LISTENER(s->service), address, G_SOCKET_TYPE_STREAM,
        G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, error);
    umask(mask);
    return done;
}

struct console_socket *console_socket_open(const char *path,
                                           const struct console_socket_calls *calls,
                                           void *user, GError **error)
{
    struct console_socket *s = g_new0(struct console_socket, 1);

    s->calls = *calls;
    s->user = user;
    s->path = g_strdup(path);
    s->clients = g_ptr_array_new();
    s->service = g_socket_service_new();
    g_signal_connect(s->service, "incoming", G_CALLBACK(on_incoming), s);
    if (!listen_at(s, error)) {
        g_prefix_error(error, "console %s: ", path);
        g_free(s->path);
        s->path = NULL;
        console_socket_close(s);
        return NULL;
    }
    g_socket_service_start(s->service);
    return s;
}

void console_socket_close(struct console_socket *s)
{
    if (!s)
        return;
    while (s->clients->len)
        drop(g_ptr_array_index(s->clients, 0));
    g_socket_service_stop(s->service);
    g_socket_listener_close(G_SOCKET_LISTENER(s->service));
    g_object_unref(s->service);
    g_ptr_array_unref(s->clients);
    if (s->path)
        g_unlink(s->path);
    g_free(s->path);
    g_free(s);
}
