/* The state of a gateway, its listeners and its connections. The files use one another
 * in one direction: gateway.c (loop), gateway_linger.c (waiting without it),
 * gateway_listener.c (ports, accept), gateway_connection.c (requests, answers),
 * gateway_wait.c (time limits, epoll).
 *
 * Every wait has a limit that is the same for all who wait for the same thing, so a
 * queue in order of arrival is in order of deadlines: setting, clearing and finding the
 * next deadline cost the same for 1 connection and for 6000. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/gateway/mbap.h"

#include <stdbool.h>
#include <sys/epoll.h>

enum { GATEWAY_EVENTS = 256 /* that epoll hands out at once */ };

enum gateway_wait {
    GATEWAY_IDLE, /* every open connection, longest without a request first */
    GATEWAY_PARTIAL,
    GATEWAY_WRITE,
    GATEWAY_DRAIN,
    GATEWAY_PAUSE, /* listeners that found no descriptor to accept with */
    GATEWAY_WAITS
};

struct gateway_queue {
    GQueue members;   /* GList link.data: the connection or listener */
    int64_t limit_us; /* 0: none */
};

struct gateway_deadline {
    GList link;
    int64_t since_us;
    struct gateway_queue *queue; /* NULL: not waiting */
};

/* What epoll's data.ptr points to: the first member of both kinds of descriptor. */
struct gateway_watch {
    bool listens;
    int fd; /* -1: closed, events still in hand are void */
};

struct gateway_listener {
    struct gateway_watch watch;
    gateway_handler handler;
    const struct gateway_relay *relay; /* NULL: the handler answers at once */
    void *user;
    struct gateway_deadline pause;
};

struct gateway_connection {
    struct gateway_watch watch;
    const struct gateway_listener *listener;
    struct gateway_deadline use;  /* in GATEWAY_IDLE, renewed by each request */
    struct gateway_deadline wait; /* GATEWAY_PARTIAL, _WRITE or _DRAIN */
    uint64_t number;              /* for the tap */
    void *peer;                   /* of the relay; NULL: none, or it is told no more */
    bool draining;                /* finished; reads only to let the answer arrive */
    int drained_bytes;
    uint8_t *output; /* what the client has not taken, NULL mostly */
    int output_bytes, output_sent;
    struct mbap_stream input;
};

struct gateway_linger {
    GSource *source;
    struct gateway_watch end; /* a timer's descriptor */
    bool waits;               /* epoll may wait, until `end` */
    int64_t since_us;         /* the last turn that answered */
    uint64_t answers;         /* before it lingers */
};

struct gateway {
    GSource *source;
    struct gateway_linger linger;
    int epoll_fd;
    struct gateway_limits limits;
    struct gateway_counters counters;
    gateway_tap tap; /* NULL: nobody listens */
    void *tap_user;
    struct gateway_queue queues[GATEWAY_WAITS];
    GPtrArray *listeners;
    GQueue closed;               /* connections to free when no event is in hand */
    int64_t now_us;              /* monotonic, of this dispatch */
    int64_t armed_us;            /* ready time of the source, -1: none */
    uint8_t *answers;            /* one batch of answers, limits.unread_bytes long */
    bool serving;                /* gateway_serve is under way */
    int work;                    /* of this turn: events and requests */
    int event_next, event_count; /* in hand, some perhaps from the turn before */
    struct epoll_event events[GATEWAY_EVENTS];
};
