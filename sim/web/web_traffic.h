/* Modbus as it crosses sockets and the RS-485 line, decoded, for those who watch. While
 * nobody does, a frame costs a comparison. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/line/line_wire.h"
#include <glib.h>

enum {
    WEB_TRAFFIC_MAX = 200,  /* frames that wait till they are sent; more are counted */
    WEB_TRAFFIC_SENT = 2000 /* to all watchers */
};

struct sim;
struct web_traffic;

struct web_traffic *web_traffic_new(const struct sim *sim);
void web_traffic_free(struct web_traffic *t);

/* How many watch. What has been seen is forgotten when nobody does. */
void web_traffic_watch(struct web_traffic *t, int watchers);

/* A gateway_tap and a line_listener. */
void web_traffic_tcp(void *user, uint64_t connection, int fd, enum gateway_traffic what,
                     const uint8_t *bytes, int size);
void web_traffic_line(void *user, const struct line_sent *sent);

/* Gives what has been seen since the last call: {"event":"traffic", …}, to be freed; NULL:
 * nothing more. */
char *web_traffic_next(struct web_traffic *t);
