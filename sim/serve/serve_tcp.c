/* Modbus TCP of metersim serve. See serve_tcp.h. */
#include "sim/serve/serve_tcp.h"
#include "sim/gateway/address.h"
#include "sim/line/line_unit.h"
#include "sim/program/error.h"

enum { DEFAULT_PORT = 1502, PORT_MAX = 65535 };

static unsigned address_of(const struct serve_tcp *t, int index)
{
    return unit_setting(sim_unit(t->sim, index), SETTING_ADDRESS);
}

static void name_of(const struct serve_tcp *t, int index, char name[64])
{
    const char *given =
        t->scenario ? scenario_meter_name(t->scenario, sim_unit(t->sim, index)) : NULL;

    if (given)
        g_strlcpy(name, given, 64);
    else
        g_snprintf(name, 64, "meter %d", index + 1);
}

/* Unit ids count the meters, which have addresses of their own. */
static bool is_misleading(const struct serve_tcp *t, const struct bus *b)
{
    for (int k = 0; k < b->count && b->count > 1 && !t->by_address; k++)
        if (sim_unit(t->sim, b->first + k)->powered &&
            address_of(t, b->first + k) != (unsigned)k + 1)
            return true;
    return false;
}

static void print_units(const struct serve_tcp *t, const struct bus *b, GString *banner)
{
    char name[64];

    g_string_append(banner, "Unit ids count the meters in their order; with "
                            "--by-address they are the meters' addresses:\n");
    for (int k = 0; k < b->count; k++) {
        name_of(t, b->first + k, name);
        g_string_append_printf(banner, "  unit %3d  address %3u  %s\n", k + 1,
                               address_of(t, b->first + k), name);
    }
}

/* What clients need to know of the port. */
static void print_bus(const struct serve_tcp *t, const struct bus *b, const char *host,
                      int port, GString *banner)
{
    const int id = bus_first_id(b);

    g_string_append_printf(banner, "Modbus TCP on %s:%d, %d meter%s ", host, port,
                           b->count, b->count == 1 ? "" : "s");
    if (b->count == 1)
        g_string_append_printf(banner, "(unit %d, 0 or 255)\n", id);
    else if (t->by_address)
        g_string_append(banner, "(unit ids are their addresses)\n");
    else
        g_string_append_printf(banner, "(unit ids %d to %d)\n", id, b->count);
    if (is_misleading(t, b))
        print_units(t, b, banner);
    if (b->first == 0)
        g_string_append_printf(banner,
                               "Try: mbpoll -m tcp -p %d -a %d -r 1 -c 28 -1 %s\n",
                               port, id, host);
}

/* Two meters of one port must not have one address where that chooses. */
static bool check_addresses(const struct serve_tcp *t, const struct bus *b,
                            GError **error)
{
    char one[64], other[64];
    int taken[256];

    for (int k = 0; k < 256; k++)
        taken[k] = -1;
    for (int k = b->first; k < b->first + b->count; k++) {
        const unsigned address = address_of(t, k) & 255;
        if (taken[address] >= 0) {
            name_of(t, taken[address], one);
            name_of(t, k, other);
            return error_set(error,
                             "--by-address: %s and %s both have address %u; give each "
                             "its own: meter { address = … }",
                             one, other, address);
        }
        taken[address] = k;
    }
    return true;
}

static bool has_ports(const struct address *a, int ports, const char *where,
                      GError **error)
{
    return a->port + ports - 1 <= PORT_MAX ||
           error_set(error,
                     "--tcp %s: that many meters need more ports than there are from "
                     "this one on; 247 stand behind each",
                     where);
}

/* What clients need to know of a port through a gateway. */
static void print_bridge(const struct bridge *b, const char *host, int port,
                         GString *banner)
{
    const int meters = line_meters(bridge_line(b));
    const struct unit *first = line_meter_at(bridge_line(b), 0);

    g_string_append_printf(banner,
                           "Modbus TCP on %s:%d, %d meter%s through a gateway at %d "
                           "baud on %s (unit ids are their addresses)\n",
                           host, port, meters, meters == 1 ? "" : "s", bridge_baud(b),
                           line_name(bridge_line(b)));
    if (first)
        g_string_append_printf(banner,
                               "Try: mbpoll -m tcp -p %d -a %u -r 1 -c 28 -1 %s\n",
                               port, unit_setting(first, SETTING_ADDRESS), host);
}

static bool listen_bridges(struct serve_tcp *t, const struct address *a,
                           const char *where, GString *banner, GError **error)
{
    t->by_address = true;
    while (bridge_at(t->sim, t->ports))
        t->ports++;
    if (!has_ports(a, t->ports, where, error))
        return false;
    t->port = g_new0(int, (gsize)t->ports);
    t->bridges = g_new0(struct serve_bridge *, (gsize)t->ports);
    for (int n = 0; n < t->ports; n++) {
        struct bridge *b = bridge_at(t->sim, n);
        t->port[n] = serve_bridge_listen(
            t->gateway, b, a->host, a->port ? a->port + n : 0, &t->bridges[n], error);
        if (t->port[n] < 0)
            return false;
        print_bridge(b, a->host, t->port[n], banner);
    }
    t->first_port = t->port[0];
    return true;
}

void serve_tcp_place(const struct serve_tcp *t, int index, int *port, int *unit)
{
    const struct unit *u = sim_unit(t->sim, index);
    const int address = unit_setting(u, SETTING_ADDRESS);

    if (!t->bridges) {
        *port = t->port[index / BUS_UNITS];
        *unit = t->by_address ? address : 1 + index % BUS_UNITS;
        return;
    }
    *port = -1;
    *unit = address;
    for (int n = 0; n < t->ports; n++)
        if (line_of_unit(u) == bridge_line(bridge_at(t->sim, n)))
            *port = t->port[n];
}

void serve_tcp_free(struct serve_tcp *t)
{
    for (int n = 0; t->bridges && n < t->ports; n++)
        serve_bridge_free(t->bridges[n]);
    g_free(t->bridges);
    g_free(t->bus);
    g_free(t->port);
}

bool serve_tcp_listen(struct serve_tcp *t, const char *where, GString *banner,
                      GError **error)
{
    const int units = sim_unit_count(t->sim);
    struct address a;

    if (!address_parse(&a, where, DEFAULT_PORT))
        return error_set(error, "'%s' is no HOST:PORT, such as 127.0.0.1:1502", where);
    g_strlcpy(t->host, a.host, sizeof t->host);
    if (bridge_at(t->sim, 0))
        return listen_bridges(t, &a, where, banner, error);
    t->ports = (units + BUS_UNITS - 1) / BUS_UNITS;
    if (!has_ports(&a, t->ports, where, error))
        return false;
    t->bus = g_new0(struct bus, (gsize)t->ports);
    t->port = g_new0(int, (gsize)t->ports);
    for (int n = 0; n < t->ports; n++) {
        const int first = n * BUS_UNITS;
        t->bus[n] = (struct bus){ t->sim, first, MIN(BUS_UNITS, units - first),
                                  t->by_address, t->latency };
        if (t->by_address && !check_addresses(t, &t->bus[n], error))
            return false;
        int port = gateway_listen(t->gateway, a.host, a.port ? a.port + n : 0,
                                  bus_handle, &t->bus[n], error);
        if (port < 0)
            return false;
        print_bus(t, &t->bus[n], a.host, port, banner);
        t->port[n] = port;
    }
    t->first_port = t->port[0];
    return true;
}
