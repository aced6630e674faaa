/* Time limits and watched descriptors. See gateway_wait.h. The ready time is lazy: it
 * only moves to an earlier moment, and is set again when it has come, so a deadline
 * that is met costs nothing. */
#include "sim/gateway/gateway_wait.h"

void gateway_wait_arm(struct gateway *g, int64_t at_us)
{
    g->armed_us = at_us;
    g_source_set_ready_time(g->source, at_us);
}

void gateway_wait_stop(struct gateway_deadline *d)
{
    if (d->queue == NULL)
        return;
    g_queue_unlink(&d->queue->members, &d->link);
    d->queue = NULL;
}

void gateway_wait_start(struct gateway *g, struct gateway_deadline *d,
                        enum gateway_wait wait)
{
    gateway_wait_stop(d);
    d->queue = &g->queues[wait];
    d->since_us = g->now_us;
    g_queue_push_tail_link(&d->queue->members, &d->link);
    if (d->queue->limit_us == 0)
        return;
    int64_t deadline_us = g->now_us + d->queue->limit_us;
    if (g->armed_us < 0 || deadline_us < g->armed_us)
        gateway_wait_arm(g, deadline_us);
}

/* `link` is the first member of struct gateway_deadline. */
int64_t gateway_wait_deadline_us(const struct gateway_queue *queue)
{
    if (queue->limit_us == 0 || queue->members.head == NULL)
        return -1;
    const struct gateway_deadline *first = (const void *)queue->members.head;
    return first->since_us + queue->limit_us;
}

bool gateway_watch_set(struct gateway *g, struct gateway_watch *watch, int op,
                       uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = watch };

    return epoll_ctl(g->epoll_fd, op, watch->fd, &event) == 0;
}
