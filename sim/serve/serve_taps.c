/* Captures and watchers of the traffic. See serve_taps.h. */
#include "sim/serve/serve_taps.h"
#include "sim/record/packet_tcp.h"
#include "sim/web/web_traffic.h"

static void on_tcp(void *user, uint64_t connection, int fd, enum gateway_traffic what,
                   const uint8_t *bytes, int size)
{
    const struct serve_taps *t = user;

    if (t->pcap)
        packet_file_tcp(t->pcap, connection, fd, what, bytes, size);
    if (t->traffic)
        web_traffic_tcp(t->traffic, connection, fd, what, bytes, size);
}

static void on_line(void *user, const struct line_sent *sent)
{
    const struct serve_taps *t = user;

    if (t->pcap_rtu)
        packet_file_rtu(t->pcap_rtu, sent);
    if (t->traffic)
        web_traffic_line(t->traffic, sent);
}

void serve_taps_set(struct serve_taps *t, struct gateway *gateway, struct line *line)
{
    if (t->pcap || t->traffic)
        gateway_set_tap(gateway, on_tcp, t);
    if (line && (t->pcap_rtu || t->traffic))
        line_set_listener(line, on_line, t);
}
