/* Registers over a real socket. See snapshot.h. */
#include "sim/command/snapshot.h"
#include "sim/program/error.h"
#include <errno.h>
#include <modbus.h>
#include <string.h>

static const struct {
    int first, count;
} ranges[] = { { 1, 112 }, { 129, 26 }, { 257, 124 }, { 381, 28 } };

struct client {
    struct snapshot *snapshot;
    GMainContext *context;
    int port;
    gint done;
    GError *error;
};

static bool read_ranges(modbus_t *bus, struct client *c)
{
    for (unsigned k = 0; k < G_N_ELEMENTS(ranges); k++) {
        uint16_t *to = &c->snapshot->reg[ranges[k].first];
        c->snapshot->requests++;
        if (modbus_read_registers(bus, ranges[k].first - 1, ranges[k].count, to) < 0) {
            error_set(&c->error, "reading %d registers from %d failed: %s",
                      ranges[k].count, ranges[k].first, modbus_strerror(errno));
            return false;
        }
    }
    return true;
}

static gpointer run_client(gpointer user)
{
    struct client *c = user;
    modbus_t *bus = modbus_new_tcp("127.0.0.1", c->port);

    modbus_set_slave(bus, 1);
    modbus_set_response_timeout(bus, 5, 0);
    if (modbus_connect(bus) < 0)
        error_set(&c->error, "no connection to 127.0.0.1:%d: %s", c->port,
                  modbus_strerror(errno));
    else
        read_ranges(bus, c);
    modbus_close(bus);
    modbus_free(bus);
    g_atomic_int_set(&c->done, 1);
    g_main_context_wakeup(c->context);
    return NULL;
}

bool snapshot_read(struct snapshot *s, GMainContext *context, int port, GError **error)
{
    struct client c = { .snapshot = s, .context = context, .port = port };

    memset(s, 0, sizeof *s);
    GThread *thread = g_thread_new("modbus client", run_client, &c);
    while (!g_atomic_int_get(&c.done))
        g_main_context_iteration(context, TRUE);
    g_thread_join(thread);
    return error_move(error, c.error);
}

int32_t snapshot_s16(const struct snapshot *s, int reg)
{
    return (int16_t)s->reg[reg];
}

uint32_t snapshot_u32(const struct snapshot *s, int reg)
{
    return (uint32_t)s->reg[reg] << 16 | s->reg[reg + 1];
}

double snapshot_float(const struct snapshot *s, int reg)
{
    uint32_t bits = snapshot_u32(s, reg);
    float x;

    memcpy(&x, &bits, sizeof x);
    return (double)x;
}
