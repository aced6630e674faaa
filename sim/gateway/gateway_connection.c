/* One client of the gateway: requests in, answers out, and a clean end.
 *
 * One event is one recv(), all the complete frames in it, and one send(): clients that
 * pipeline save system calls, none can hold the loop for longer than its 2 kB. Answers
 * are made in one buffer of the gateway; a connection keeps output of its own only
 * while its client does not read, and then takes no requests. So output never grows. */
#include "sim/gateway/gateway_connection.h"
#include "sim/gateway/gateway_wait.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    EXCEPTION_BIT = 0x80,
    EXCEPTION_NO_TARGET = 0x0B, /* gateway target device failed to respond */
    DRAIN_BYTES = 65536         /* what a finished client may still send */
};

/* Edge-triggered: epoll then reports a connection once for what has arrived.
 * Code that leaves something in the socket must ask for it again with read_again. */
static const uint32_t READ_EVENTS = EPOLLIN | EPOLLRDHUP | EPOLLET;

static_assert(MBAP_HEADER_BYTES + GATEWAY_PDU_MAX == MBAP_FRAME_BYTES,
              "an answer always fits where a frame fits");

static void call_tap(const struct gateway *g, const struct gateway_connection *c,
                     enum gateway_traffic what, const uint8_t *bytes, ssize_t size)
{
    if (g->tap != NULL && size >= 0)
        g->tap(g->tap_user, c->number, c->watch.fd, what, bytes, (int)size);
}

void gateway_connection_open(struct gateway *g, const struct gateway_listener *l,
                             int fd)
{
    struct gateway_connection *c = g_malloc(sizeof *c);

    c->watch = (struct gateway_watch){ .listens = false, .fd = fd };
    c->listener = l;
    c->use = (struct gateway_deadline){ .link.data = c };
    c->wait = (struct gateway_deadline){ .link.data = c };
    c->draining = false;
    c->drained_bytes = 0;
    c->output = NULL;
    c->peer = NULL;
    mbap_stream_init(&c->input);
    if (!gateway_watch_set(g, &c->watch, EPOLL_CTL_ADD, READ_EVENTS)) {
        close(fd);
        g_free(c);
        return;
    }
    gateway_wait_start(g, &c->use, GATEWAY_IDLE);
    c->number = g->counters.accepted++;
    call_tap(g, c, GATEWAY_OPENED, NULL, 0);
    if (++g->counters.open > g->limits.connections)
        gateway_connection_evict(g);
    if (l->relay != NULL && (c->peer = l->relay->opened(l->user, c)) == NULL)
        gateway_connection_abort(g, c);
}

/* Takes itself out of the epoll set by name: after a fork close() alone would not. The
 * memory stays while the gateway may hold an event of it. */
void gateway_connection_close(struct gateway *g, struct gateway_connection *c)
{
    uint8_t *space;
    int bytes;

    if (c->peer != NULL)
        c->listener->relay->closed(c->peer);
    c->peer = NULL;
    call_tap(g, c, GATEWAY_CLOSED, NULL, 0);
    mbap_stream_init(&c->input);
    bytes = mbap_stream_space(&c->input, &space);
    /* Unread input would turn the end into a reset, which destroys the last answer. */
    (void)recv(c->watch.fd, space, (size_t)bytes, 0);
    gateway_watch_set(g, &c->watch, EPOLL_CTL_DEL, 0);
    close(c->watch.fd);
    c->watch.fd = -1;
    g_free(c->output);
    gateway_wait_stop(&c->wait);
    gateway_wait_stop(&c->use);
    g_queue_push_tail_link(&g->closed, &c->use.link);
    g->counters.closed++;
    g->counters.open--;
}

bool gateway_connection_evict(struct gateway *g)
{
    GList *oldest = g->queues[GATEWAY_IDLE].members.head;

    if (oldest == NULL)
        return false;
    g->counters.evicted++;
    gateway_connection_close(g, oldest->data);
    return true;
}

void gateway_connection_abort(struct gateway *g, struct gateway_connection *c)
{
    struct linger reset = { .l_onoff = 1, .l_linger = 0 };

    call_tap(g, c, GATEWAY_RESET, NULL, 0);
    setsockopt(c->watch.fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    gateway_connection_close(g, c);
}

/* Ends the connection from this side. Closing at once, with input on its way, would
 * reset it and could destroy the last answer: say the end, and read until the client
 * says it, too; for a bounded time and a bounded number of bytes. */
static void finish(struct gateway *g, struct gateway_connection *c)
{
    if (shutdown(c->watch.fd, SHUT_WR) != 0) {
        gateway_connection_close(g, c);
        return;
    }
    c->draining = true;
    gateway_watch_set(g, &c->watch, EPOLL_CTL_MOD, EPOLLIN);
    gateway_wait_start(g, &c->wait, GATEWAY_DRAIN);
}

/* Reads once. Returns the bytes, 0 for none yet, -1 when the connection is closed. */
static int receive(struct gateway *g, struct gateway_connection *c)
{
    uint8_t *space;
    int room = mbap_stream_space(&c->input, &space);
    ssize_t bytes = recv(c->watch.fd, space, (size_t)room, 0);

    if (bytes > 0) {
        call_tap(g, c, GATEWAY_RECEIVED, space, bytes);
        return (int)bytes;
    }
    if (bytes < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    gateway_connection_close(g, c);
    return -1;
}

static void drain(struct gateway *g, struct gateway_connection *c)
{
    mbap_stream_init(&c->input);
    int bytes = receive(g, c);
    if (bytes < 0)
        return;
    c->drained_bytes += bytes;
    if (c->drained_bytes > DRAIN_BYTES)
        gateway_connection_close(g, c);
}

/* Hands one frame to the relay, whose answer comes later: from the loop, which gets its turn.
 * Nobody waits behind the end. */
static void relay(struct gateway *g, struct gateway_connection *c,
                  const struct mbap_frame *request)
{
    g->counters.requests++;
    g->linger.waits = false;
    gateway_wait_start(g, &c->use, GATEWAY_IDLE);
    if (c->peer != NULL)
        c->listener->relay->request(c->peer, request);
}

/* Lets the unit answer one frame into `out`; returns the bytes of the answer. */
static int answer(struct gateway *g, struct gateway_connection *c,
                  const struct mbap_frame *request, uint8_t *out)
{
    const struct gateway_listener *l = c->listener;
    uint8_t *pdu = out + MBAP_HEADER_BYTES;
    int bytes =
        l->handler(l->user, request->unit, request->pdu, request->pdu_bytes, pdu);

    assert(bytes >= -1 && bytes <= GATEWAY_PDU_MAX);
    g->counters.requests++;
    gateway_wait_start(g, &c->use, GATEWAY_IDLE);
    if (bytes == 0)
        return 0;
    if (bytes < 0) {
        pdu[0] = request->pdu[0] | EXCEPTION_BIT;
        pdu[1] = EXCEPTION_NO_TARGET;
        bytes = 2;
    }
    g->counters.answers++;
    if (pdu[0] & EXCEPTION_BIT)
        g->counters.exceptions++;
    mbap_write_header(out, request, bytes);
    return MBAP_HEADER_BYTES + bytes;
}

/* Answers frames until no complete one is left or the batch is full (MBAP_FRAME). */
static enum mbap_result answer_frames(struct gateway *g, struct gateway_connection *c,
                                      int *out_bytes, int *frames)
{
    struct mbap_frame request;

    while (*out_bytes + MBAP_FRAME_BYTES <= g->limits.unread_bytes) {
        enum mbap_result result = mbap_stream_next(&c->input, &request);
        if (result == MBAP_MORE || result == MBAP_BROKEN)
            return result;
        ++*frames;
        if (result == MBAP_FOREIGN)
            g->counters.protocol_errors++;
        else if (c->listener->relay != NULL)
            relay(g, c, &request);
        else
            *out_bytes += answer(g, c, &request, g->answers + *out_bytes);
    }
    return MBAP_FRAME;
}

/* Sends a batch. False: the connection is closed, or has kept the rest and waits for
 * its client to read; until then it takes no requests. */
static bool send_answers(struct gateway *g, struct gateway_connection *c, int bytes)
{
    ssize_t sent = send(c->watch.fd, g->answers, (size_t)bytes, MSG_NOSIGNAL);

    call_tap(g, c, GATEWAY_SENT, g->answers, sent);
    if (sent == bytes)
        return true;
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        gateway_connection_close(g, c);
        return false;
    }
    c->output_sent = 0;
    c->output_bytes = bytes - (int)MAX(sent, 0);
    c->output = g_memdup2(g->answers + MAX(sent, 0), (gsize)c->output_bytes);
    gateway_watch_set(g, &c->watch, EPOLL_CTL_MOD, EPOLLOUT);
    gateway_wait_start(g, &c->wait, GATEWAY_WRITE);
    return false;
}

/* Half a frame is timed from the moment that the frame before it was complete. */
static void watch_partial(struct gateway *g, struct gateway_connection *c, int frames)
{
    if (mbap_stream_pending(&c->input) == 0)
        gateway_wait_stop(&c->wait);
    else if (frames > 0 || c->wait.queue == NULL)
        gateway_wait_start(g, &c->wait, GATEWAY_PARTIAL);
}

/* Answers all that has been read. Bounded: the input is, and nothing is added to it. */
static void serve(struct gateway *g, struct gateway_connection *c)
{
    enum mbap_result result;
    int frames = 0;

    do {
        int bytes = 0;
        result = answer_frames(g, c, &bytes, &frames);
        if (bytes > 0 && !send_answers(g, c, bytes))
            return;
    } while (result == MBAP_FRAME);
    if (c->watch.fd < 0 || c->draining) /* the relay has ended it */
        return;
    if (result == MBAP_MORE) {
        g->work += MAX(frames - 1, 0); /* the event has counted for one */
        watch_partial(g, c, frames);
        return;
    }
    g->counters.protocol_errors++;
    finish(g, c);
}

/* The client reads again: the kept output first, then what it asked meanwhile. */
static void resume(struct gateway *g, struct gateway_connection *c)
{
    int left = c->output_bytes - c->output_sent;
    ssize_t sent =
        send(c->watch.fd, c->output + c->output_sent, (size_t)left, MSG_NOSIGNAL);

    if (sent < 0) {
        if (errno != EAGAIN && errno != EINTR)
            gateway_connection_close(g, c);
        return;
    }
    call_tap(g, c, GATEWAY_SENT, c->output + c->output_sent, sent);
    c->output_sent += (int)sent;
    if (c->output_sent < c->output_bytes) {
        gateway_wait_start(g, &c->wait, GATEWAY_WRITE);
        return;
    }
    g_free(c->output);
    c->output = NULL;
    gateway_wait_stop(&c->wait);
    gateway_watch_set(g, &c->watch, EPOLL_CTL_MOD, READ_EVENTS);
    serve(g, c);
}

/* More may lie in the socket than one read took: have epoll look again, behind all
 * others that are ready. */
static void read_again(struct gateway *g, struct gateway_connection *c)
{
    if (c->watch.fd >= 0 && c->output == NULL && !c->draining)
        gateway_watch_set(g, &c->watch, EPOLL_CTL_MOD, READ_EVENTS);
}

static void read_and_serve(struct gateway *g, struct gateway_connection *c,
                           uint32_t events)
{
    uint8_t *space;
    int room = mbap_stream_space(&c->input, &space);
    int bytes = receive(g, c);

    if (bytes <= 0)
        return;
    mbap_stream_add(&c->input, bytes);
    serve(g, c);
    if (bytes == room || (events & EPOLLRDHUP))
        read_again(g, c);
}

void gateway_connection_event(struct gateway *g, struct gateway_connection *c,
                              uint32_t events)
{
    if (events & (EPOLLERR | EPOLLHUP)) {
        gateway_connection_close(g, c);
    } else if (c->output != NULL) {
        resume(g, c);
    } else if (c->draining) {
        drain(g, c);
    } else {
        read_and_serve(g, c, events);
    }
}

/* --- relays --- */

/* What is not sent waits behind what waits. */
static void keep_output(struct gateway *g, struct gateway_connection *c,
                        const uint8_t *bytes, int size)
{
    const int left = c->output ? c->output_bytes - c->output_sent : 0;
    uint8_t *kept;

    if (left + size > g->limits.unread_bytes) {
        shutdown(c->watch.fd, SHUT_RDWR); /* an event ends it */
        return;
    }
    kept = g_malloc((gsize)left + (gsize)size);
    if (left)
        memcpy(kept, c->output + c->output_sent, (size_t)left);
    memcpy(kept + left, bytes, (size_t)size);
    g_free(c->output);
    c->output = kept;
    c->output_sent = 0;
    c->output_bytes = left + size;
    gateway_watch_set(g, &c->watch, EPOLL_CTL_MOD, EPOLLOUT);
    if (!left)
        gateway_wait_start(g, &c->wait, GATEWAY_WRITE);
}

void gateway_connection_send(struct gateway *g, struct gateway_connection *c,
                             const uint8_t *bytes, int size)
{
    ssize_t sent = 0;

    if (c->output == NULL) {
        sent = send(c->watch.fd, bytes, (size_t)size, MSG_NOSIGNAL);
        call_tap(g, c, GATEWAY_SENT, bytes, sent);
        if (sent < 0 && errno != EAGAIN && errno != EINTR)
            return; /* an event ends it */
    }
    if (sent < size)
        keep_output(g, c, bytes + MAX(sent, 0), size - (int)MAX(sent, 0));
}

void gateway_connection_end(struct gateway *g, struct gateway_connection *c, bool reset)
{
    c->peer = NULL;
    if (reset)
        gateway_connection_abort(g, c);
    else if (c->output != NULL)
        gateway_connection_close(g, c);
    else
        finish(g, c);
}
