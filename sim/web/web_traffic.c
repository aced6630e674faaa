/* Modbus as it is watched. See web_traffic.h. Sockets carry frames in whole pieces,
 * almost always: a piece that begins within a frame is left out. */
#include "sim/web/web_traffic.h"
#include "sim/gateway/mbap.h"
#include "sim/plant/sim.h"
#include "sim/web/web_pdu.h"

enum { RTU_LEAST = 4 /* address, function, CRC */ };

struct web_traffic {
    const struct sim *sim;
    int most;     /* frames till they are sent; 0: nobody watches */
    GQueue lines; /* texts */
    unsigned left_out;
};

struct web_traffic *web_traffic_new(const struct sim *sim)
{
    struct web_traffic *t = g_new0(struct web_traffic, 1);

    t->sim = sim;
    g_queue_init(&t->lines);
    return t;
}

void web_traffic_free(struct web_traffic *t)
{
    g_queue_clear_full(&t->lines, g_free);
    g_free(t);
}

void web_traffic_watch(struct web_traffic *t, int watchers)
{
    t->most = watchers ? CLAMP(WEB_TRAFFIC_SENT / watchers, 1, WEB_TRAFFIC_MAX) : 0;
    if (watchers)
        return;
    g_queue_clear_full(&t->lines, g_free);
    t->left_out = 0;
}

/* Of digits, letters and signs that JSON takes as they are. */
static GString *begin(const struct web_traffic *t, const char *way, unsigned unit,
                      bool request)
{
    char time[G_ASCII_DTOSTR_BUF_SIZE];
    GString *text = g_string_new("{\"event\":\"traffic\",\"time\":");

    g_ascii_formatd(time, sizeof time, "%.3f", (double)sim_now(t->sim) * 1e-9);
    g_string_append_printf(text, "%s,\"way\":\"%s\",\"unit\":%u,\"request\":%s", time,
                           way, unit, request ? "true" : "false");
    return text;
}

static void add(struct web_traffic *t, const char *way, unsigned unit, bool request,
                const uint8_t *pdu, int size)
{
    if ((int)g_queue_get_length(&t->lines) >= t->most) {
        t->left_out++;
        return;
    }
    GString *text = begin(t, way, unit, request);
    g_string_append(text, ",\"text\":\"");
    web_pdu_append(text, pdu, size, request);
    g_string_append(text, "\"}");
    g_queue_push_tail(&t->lines, g_string_free(text, FALSE));
}

void web_traffic_tcp(void *user, uint64_t connection, int fd, enum gateway_traffic what,
                     const uint8_t *bytes, int size)
{
    struct web_traffic *t = user;
    char way[32];

    (void)fd;
    if (!t->most || (what != GATEWAY_RECEIVED && what != GATEWAY_SENT))
        return;
    g_snprintf(way, sizeof way, "TCP %" G_GUINT64_FORMAT, (guint64)connection);
    while (size > MBAP_HEADER_BYTES) {
        const int length = bytes[4] << 8 | bytes[5]; /* of unit and PDU */
        if (bytes[2] || bytes[3] || length < 2 || length + 6 > size ||
            length + 6 > MBAP_FRAME_BYTES)
            return;
        add(t, way, bytes[6], what == GATEWAY_RECEIVED, bytes + MBAP_HEADER_BYTES,
            length - 1);
        bytes += length + 6;
        size -= length + 6;
    }
}

/* Devices of the host are named by their paths; the others that ask, by what they are. */
static bool is_master(const char *name)
{
    static const char *const names[] = { "pty", "master", "rtu over tcp", "third party",
                                         NULL };

    return *name == '/' || g_strv_contains(names, name);
}

void web_traffic_line(void *user, const struct line_sent *sent)
{
    struct web_traffic *t = user;

    if (!t->most || sent->size < RTU_LEAST)
        return;
    add(t, sent->collided ? "RS-485, collided" : "RS-485", sent->byte[0],
        is_master(sent->name), sent->byte + 1, sent->size - 3);
}

char *web_traffic_next(struct web_traffic *t)
{
    char *text = g_queue_pop_head(&t->lines);

    if (text || !t->left_out)
        return text;
    text = g_strdup_printf("{\"event\":\"traffic\",\"left_out\":%u}", t->left_out);
    t->left_out = 0;
    return text;
}
