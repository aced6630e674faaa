/* Listening ports of the gateway, and accept.
 *
 * Options are set on the listening socket: on Linux accepted sockets inherit all of
 * them, which saves seven system calls per connection. A port that finds no descriptor
 * to accept with is not polled for a moment; its clients wait in the backlog. */
#include "sim/gateway/gateway_listener.h"
#include "sim/gateway/gateway_connection.h"
#include "sim/gateway/gateway_wait.h"
#include "sim/program/error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ACCEPTS_PER_EVENT = 32,
    ACCEPT_WORK = 4, /* requests that take as long */
    KEEP_IDLE_S = 60,
    KEEP_INTERVAL_S = 10,
    KEEP_PROBES = 6,
    /* Also ends keep-alive: a peer that vanished is gone at the first probe after it.
     */
    USER_TIMEOUT_MS = 30000,
    /* Without it the kernel would keep megabytes for a client that does not read. */
    SEND_BUFFER_BYTES = 65536
};

union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Returns the size of the address, 0: `host` is not numeric. */
static socklen_t parse_address(union socket_address *a, const char *host, int port)
{
    memset(a, 0, sizeof *a);
    if (strcmp(host, "localhost") == 0)
        host = "127.0.0.1";
    if (inet_pton(AF_INET, host, &a->v4.sin_addr) == 1) {
        a->v4.sin_family = AF_INET;
        a->v4.sin_port = htons((uint16_t)port);
        return sizeof a->v4;
    }
    if (inet_pton(AF_INET6, host, &a->v6.sin6_addr) == 1) {
        a->v6.sin6_family = AF_INET6;
        a->v6.sin6_port = htons((uint16_t)port);
        return sizeof a->v6;
    }
    return 0;
}

static const char *reason_text(int reason)
{
    switch (reason) {
    case EADDRINUSE:
        return "address in use";
    case EACCES:
        return "permission denied";
    case EADDRNOTAVAIL:
        return "this machine has no such address";
    case EINVAL:
        return "not a numeric address or localhost, or not a port of 0..65535";
    case EMFILE:
    case ENFILE:
        return "too many open files";
    default:
        return g_strerror(reason);
    }
}

static void set_listen_error(GError **error, const char *host, int port, int reason)
{
    const char *form = strchr(host, ':') == NULL ? "%s:%d" : "[%s]:%d";
    char place[INET6_ADDRSTRLEN + 16];

    g_snprintf(place, sizeof place, form, host, port);
    error_set(error, "cannot listen on %s: %s; choose another with --tcp HOST:PORT",
              place, reason_text(reason));
}

static bool set_option(int fd, int level, int name, int value)
{
    return setsockopt(fd, level, name, &value, sizeof value) == 0;
}

static bool set_options(int fd, int family)
{
    return (family != AF_INET6 || set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0)) &&
           set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1) &&
           set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1) &&
           set_option(fd, SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES) &&
           set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1) &&
           set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S) &&
           set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL_S) &&
           set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEP_PROBES) &&
           set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
}

/* Answers are small and wait for the next request: no congestion control can gain
 * anything, and some (BBR) cost a timer per answer. A kernel that refuses keeps its
 * own. */
static void use_plain_congestion_control(int fd)
{
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, "reno", 4);
}

/* Returns a listening descriptor, -1: errno. */
static int open_listener(const union socket_address *a, socklen_t size)
{
    int family = a->any.sa_family;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    use_plain_congestion_control(fd);
    if (set_options(fd, family) && bind(fd, &a->any, size) == 0 &&
        listen(fd, SOMAXCONN) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

static int bound_port(int fd)
{
    union socket_address a;
    socklen_t size = sizeof a;

    if (getsockname(fd, &a.any, &size) != 0)
        return -1;
    return ntohs(a.any.sa_family == AF_INET ? a.v4.sin_port : a.v6.sin6_port);
}

static struct gateway_listener *listener_new(struct gateway *g, const char *host,
                                             int port)
{
    union socket_address a;
    socklen_t size = port < 0 || port > 65535 ? 0 : parse_address(&a, host, port);

    if (size == 0) {
        errno = EINVAL;
        return NULL;
    }
    int fd = open_listener(&a, size);
    if (fd < 0)
        return NULL;
    struct gateway_listener *l = g_new0(struct gateway_listener, 1);
    l->watch = (struct gateway_watch){ .listens = true, .fd = fd };
    l->pause.link.data = l;
    if (gateway_watch_set(g, &l->watch, EPOLL_CTL_ADD, EPOLLIN))
        return l;
    int reason = errno;
    gateway_listener_free(l);
    errno = reason;
    return NULL;
}

int gateway_listener_open(struct gateway *g, const char *host, int port,
                          gateway_handler handler, const struct gateway_relay *relay,
                          void *user, GError **error)
{
    struct gateway_listener *l = listener_new(g, host, port);

    if (l == NULL) {
        set_listen_error(error, host, port, errno);
        return -1;
    }
    l->handler = handler;
    l->relay = relay;
    l->user = user;
    g_ptr_array_add(g->listeners, l);
    return bound_port(l->watch.fd);
}

void gateway_listener_free(gpointer listener)
{
    struct gateway_listener *l = listener;

    gateway_wait_stop(&l->pause);
    close(l->watch.fd);
    g_free(l);
}

void gateway_listener_resume(struct gateway *g, struct gateway_listener *l)
{
    gateway_wait_stop(&l->pause);
    gateway_watch_set(g, &l->watch, EPOLL_CTL_MOD, EPOLLIN);
}

/* Out of descriptors is the connection limit by another name: the place of the oldest
 * unused connection goes to the new one at the next turn. Failures that nothing here
 * can mend would come again at once; a pause keeps the loop from spinning. */
static void accept_failed(struct gateway *g, struct gateway_listener *l, int reason)
{
    if (reason == EAGAIN || reason == EINTR || reason == ECONNABORTED)
        return;
    if ((reason == EMFILE || reason == ENFILE) && gateway_connection_evict(g))
        return;
    gateway_watch_set(g, &l->watch, EPOLL_CTL_MOD, 0);
    gateway_wait_start(g, &l->pause, GATEWAY_PAUSE);
}

void gateway_listener_event(struct gateway *g, struct gateway_listener *l)
{
    for (int i = 0; i < ACCEPTS_PER_EVENT; i++) {
        int fd = accept4(l->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        /* Only the first attempt is sure that a client waits: with no descriptor left
         * Linux says EMFILE before it looks into the backlog. */
        if (fd < 0 && i == 0)
            accept_failed(g, l, errno);
        if (fd < 0)
            return;
        gateway_connection_open(g, l, fd);
        g->work += ACCEPT_WORK;
    }
}
