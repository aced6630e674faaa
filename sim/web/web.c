/* A served plant for browsers and programs. See web.h. This is who may come in. */
#include "sim/web/web.h"
#include "sim/program/error.h"
#include "sim/web/http_stream.h"
#include "sim/web/web_page.h"
#include "sim/web/web_state.h"
#include "sim/web/web_turn.h"
#include <string.h>

#define WEB_PATH "/ws"

static bool refuse(SoupServerMessage *m, guint status, const char *text)
{
    soup_server_message_set_status(m, status, NULL);
    soup_server_message_set_response(m, "text/plain; charset=utf-8", SOUP_MEMORY_STATIC,
                                     text, strlen(text));
    return false;
}

static const char *header(SoupServerMessage *m, const char *name)
{
    return soup_message_headers_get_one(soup_server_message_get_request_headers(m),
                                        name);
}

static bool admit(void *user, SoupServerMessage *m)
{
    const struct web *w = user;

    return web_host_is_own(header(m, "Host"), w->options.names) ||
           refuse(m, SOUP_STATUS_MISDIRECTED_REQUEST,
                  "this server has another name: use its address, localhost, or a name "
                  "of --http-name\n");
}

static void on_handshake(SoupServer *server, SoupServerMessage *m, const char *path,
                         GHashTable *query, gpointer user)
{
    const struct web *w = user;

    (void)server;
    (void)query;
    if (strcmp(path, WEB_PATH) != 0 || !admit(user, m))
        return;
    if (!web_origin_is_own(header(m, "Origin"), header(m, "Host")))
        refuse(m, SOUP_STATUS_FORBIDDEN, "this is for pages from here alone\n");
    else if (w->clients->len >= WEB_CLIENTS)
        refuse(m, SOUP_STATUS_SERVICE_UNAVAILABLE, "too many clients\n");
}

/* The stream below libsoup's, which that one holds. */
static GIOStream *stream_of(SoupWebsocketConnection *connection)
{
    GIOStream *base;

    g_object_get(soup_websocket_connection_get_io_stream(connection), "base-iostream",
                 &base, NULL);
    g_object_unref(base);
    return base;
}

static void on_opened(SoupServer *server, SoupServerMessage *m, const char *path,
                      SoupWebsocketConnection *connection, gpointer user)
{
    struct web *w = user;
    GIOStream *stream = stream_of(connection);

    (void)server;
    (void)m;
    (void)path;
    http_door_release(w->options.door, http_stream_socket(stream));
    g_ptr_array_add(w->clients, web_client_new(connection, stream, web_turn_wake, w));
}

struct web *web_new(const struct web_options *options, GError **error)
{
    struct web *w = g_new0(struct web, 1);
    SoupServer *server = http_door_server(options->door);

    w->options = *options;
    if (!web_token_make(w->token)) {
        error_set(error, "the kernel gives no random numbers for a token");
        g_free(w);
        return NULL;
    }
    w->clients = g_ptr_array_new();
    w->panels = web_panels_new(&w->options.plant);
    w->traffic = web_traffic_new(options->plant.sim);
    web_turn_start(w);
    http_door_guard(options->door, admit, w);
    web_page_add(options->door);
    soup_server_add_early_handler(server, WEB_PATH, on_handshake, w, NULL);
    soup_server_add_websocket_handler(server, WEB_PATH, NULL, NULL, on_opened, w, NULL);
    return w;
}

void web_free(struct web *w)
{
    if (!w)
        return;
    soup_server_remove_handler(http_door_server(w->options.door), WEB_PATH);
    while (w->clients->len)
        web_turn_drop(w, g_ptr_array_index(w->clients, 0));
    web_turn_end(w);
    web_plant_clear(&w->options.plant);
    g_ptr_array_unref(w->clients);
    web_panels_free(w->panels);
    web_events_free(w->events);
    web_traffic_free(w->traffic);
    g_free(w);
}

void web_set_console(struct web *w, struct console *console)
{
    w->console = console;
}

const char *web_token(const struct web *w)
{
    return w->token;
}

struct web_traffic *web_watched_traffic(struct web *w)
{
    return w->traffic;
}
