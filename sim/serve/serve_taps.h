/* Who is told of what crosses the sockets and the RS-485 line of metersim serve: each has
 * one listener, and here are two. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/line/line.h"
#include "sim/record/packet_file.h"

struct web_traffic;

struct serve_taps {
    struct packet_file *pcap, *pcap_rtu; /* NULL: not wanted */
    struct web_traffic *traffic;         /* NULL: not wanted */
};

/* line: NULL: there is none. The taps must outlive both. */
void serve_taps_set(struct serve_taps *t, struct gateway *gateway, struct line *line);
