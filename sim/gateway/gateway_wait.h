/* Time limits of connections and listeners, and the descriptors that epoll watches. */
#pragma once

#include "sim/gateway/gateway_state.h"

/* Starts (again) the wait of `d`, and ends it. */
void gateway_wait_start(struct gateway *g, struct gateway_deadline *d,
                        enum gateway_wait wait);
void gateway_wait_stop(struct gateway_deadline *d);

/* When the first member of a queue is due; -1: never. */
int64_t gateway_wait_deadline_us(const struct gateway_queue *queue);

/* The source is dispatched at this time at the latest; -1: only by epoll. */
void gateway_wait_arm(struct gateway *g, int64_t at_us);

/* Adds to the epoll set (`op` EPOLL_CTL_ADD) or changes the events; false: errno. */
bool gateway_watch_set(struct gateway *g, struct gateway_watch *watch, int op,
                       uint32_t events);
