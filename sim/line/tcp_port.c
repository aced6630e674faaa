/* Modbus RTU over TCP. See tcp_port.h. */
#include "sim/line/tcp_port.h"
#include "sim/line/serial_port.h"
#include "sim/program/error.h"
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

struct tcp_port {
    struct line *line;
    GSocketService *service;
    GPtrArray *clients; /* struct client */
};

struct client {
    struct tcp_port *owner;
    struct serial_port *port;
};

static void free_client(void *client)
{
    struct client *c = client;

    serial_port_free(c->port);
    g_free(c);
}

static void on_ended(void *user)
{
    struct client *c = user;

    g_ptr_array_remove_fast(c->owner->clients, c);
}

/* The descriptor is the port's; the connection's own copy is closed. */
static gboolean on_incoming(GSocketService *service, GSocketConnection *connection,
                            GObject *source, gpointer user)
{
    struct tcp_port *t = user;
    const int fd = dup(g_socket_get_fd(g_socket_connection_get_socket(connection)));
    struct client *c;

    (void)service;
    (void)source;
    if (fd < 0 || t->clients->len >= TCP_PORT_CLIENTS) {
        if (fd >= 0)
            close(fd);
        return TRUE;
    }
    c = g_new0(struct client, 1);
    c->owner = t;
    c->port = serial_port_adopt(t->line, fd, on_ended, c);
    if (c->port)
        g_ptr_array_add(t->clients, c);
    else
        g_free(c);
    return TRUE;
}

struct tcp_port *tcp_port_open(struct line *l, const char *host, int *port,
                               GError **error)
{
    struct tcp_port *t = g_new0(struct tcp_port, 1);
    g_autoptr(GSocketAddress) asked = g_inet_socket_address_new_from_string(
        strcmp(host, "localhost") ? host : "127.0.0.1", (guint)*port);
    GSocketAddress *bound = NULL;

    t->line = l;
    t->clients = g_ptr_array_new_with_free_func(free_client);
    t->service = g_socket_service_new();
    g_signal_connect(t->service, "incoming", G_CALLBACK(on_incoming), t);
    if (!asked)
        error_set(error, "'%s' is not a numeric address or localhost", host);
    if (!asked || !g_socket_listener_add_address(
                      G_SOCKET_LISTENER(t->service), asked, G_SOCKET_TYPE_STREAM,
                      G_SOCKET_PROTOCOL_TCP, NULL, &bound, error)) {
        tcp_port_free(t);
        return NULL;
    }
    *port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(bound));
    g_object_unref(bound);
    return t;
}

void tcp_port_free(struct tcp_port *t)
{
    if (!t)
        return;
    g_socket_service_stop(t->service);
    g_socket_listener_close(G_SOCKET_LISTENER(t->service));
    g_object_unref(t->service);
    g_ptr_array_unref(t->clients);
    g_free(t);
}
