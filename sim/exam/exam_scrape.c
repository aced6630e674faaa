/* Pages of Prometheus' text. See exam_scrape.h. HTTP/1.0, so the page ends where the
 * connection does. */
#include "sim/exam/exam_scrape.h"
#include "sim/program/error.h"
#include <gio/gio.h>
#include <string.h>

enum { TIMEOUT_S = 5, PIECE = 65536, HTTP_PORT = 80 };

struct exam_scrape {
    char *host, *path;
    int port;
    GCancellable *cancel;
    GSocketClient *client;
    GSocketConnection *connection; /* NULL: nothing is under way, or not yet open */
    GByteArray *bytes;
    char *page;
    bool busy;
};

struct exam_scrape *exam_scrape_new(const char *url, GError **error)
{
    GUri *uri = g_uri_parse(url, G_URI_FLAGS_NONE, NULL);

    if (!uri || g_strcmp0(g_uri_get_scheme(uri), "http") != 0 || !g_uri_get_host(uri)) {
        g_clear_pointer(&uri, g_uri_unref);
        error_set(error, "--recorded: '%s' is no http://HOST:PORT/PATH", url);
        return NULL;
    }
    struct exam_scrape *s = g_new0(struct exam_scrape, 1);
    s->host = g_strdup(g_uri_get_host(uri));
    s->path = g_strdup(*g_uri_get_path(uri) ? g_uri_get_path(uri) : "/");
    s->port = g_uri_get_port(uri) > 0 ? g_uri_get_port(uri) : HTTP_PORT;
    s->cancel = g_cancellable_new();
    s->client = g_socket_client_new();
    g_socket_client_set_timeout(s->client, TIMEOUT_S);
    s->bytes = g_byte_array_new();
    g_uri_unref(uri);
    return s;
}

static void end(struct exam_scrape *s)
{
    g_clear_object(&s->connection);
    s->busy = false;
}

/* Behind the header's empty line. */
static void keep_page(struct exam_scrape *s)
{
    const guint8 nul = 0;

    g_byte_array_append(s->bytes, &nul, 1);
    const char *text = (const char *)s->bytes->data;
    const char *body = strstr(text, "\r\n\r\n");
    if (body && g_str_has_prefix(text, "HTTP/") && strstr(text, " 200")) {
        g_free(s->page);
        s->page = g_strdup(body + 4);
    }
    end(s);
}

static void read_next(struct exam_scrape *s);

static void on_piece(GObject *source, GAsyncResult *result, gpointer user)
{
    g_autoptr(GError) wrong = NULL;
    GBytes *piece =
        g_input_stream_read_bytes_finish(G_INPUT_STREAM(source), result, &wrong);
    const bool gone = g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    struct exam_scrape *s = user;
    gsize size = 0;

    if (gone) /* and the scrape with it */
        return;
    const void *data = piece ? g_bytes_get_data(piece, &size) : NULL;
    if (size)
        g_byte_array_append(s->bytes, data, (guint)size);
    g_clear_pointer(&piece, g_bytes_unref);
    if (size)
        read_next(s);
    else
        keep_page(s);
}

static void read_next(struct exam_scrape *s)
{
    g_input_stream_read_bytes_async(
        g_io_stream_get_input_stream(G_IO_STREAM(s->connection)), PIECE,
        G_PRIORITY_DEFAULT, s->cancel, on_piece, s);
}

static void on_open(GObject *source, GAsyncResult *result, gpointer user)
{
    g_autoptr(GError) wrong = NULL;
    GSocketConnection *connection =
        g_socket_client_connect_to_host_finish(G_SOCKET_CLIENT(source), result, &wrong);
    const bool gone = g_error_matches(wrong, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    struct exam_scrape *s = user;

    if (gone)
        return;
    s->connection = connection;
    if (!connection) {
        end(s);
        return;
    }
    char *request =
        g_strdup_printf("GET %s HTTP/1.0\r\nHost: %s\r\n\r\n", s->path, s->host);
    g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)),
                              request, strlen(request), NULL, NULL, NULL);
    g_free(request);
    read_next(s);
}

void exam_scrape_start(struct exam_scrape *s)
{
    if (s->busy)
        return;
    s->busy = true;
    g_byte_array_set_size(s->bytes, 0);
    g_socket_client_connect_to_host_async(s->client, s->host, (guint16)s->port,
                                          s->cancel, on_open, s);
}

bool exam_scrape_is_busy(const struct exam_scrape *s)
{
    return s->busy;
}

char *exam_scrape_take(struct exam_scrape *s)
{
    char *page = s->page;

    s->page = NULL;
    return page;
}

void exam_scrape_free(struct exam_scrape *s)
{
    if (!s)
        return;
    g_cancellable_cancel(s->cancel);
    while (g_main_context_iteration(NULL, FALSE))
        continue;
    g_clear_object(&s->connection);
    g_object_unref(s->client);
    g_object_unref(s->cancel);
    g_byte_array_unref(s->bytes);
    g_free(s->page);
    g_free(s->host);
    g_free(s->path);
    g_free(s);
}
