/* Modbus RTU of metersim serve. See serve_rtu.h. */
#include "sim/serve/serve_rtu.h"
#include "sim/gateway/address.h"
#include "sim/line/line_unit.h"
#include "sim/line/tcp_port.h"
#include "sim/program/error.h"
#include <string.h>

struct serve_rtu {
    struct sim *sim;
    GPtrArray *ports;
    GString *banner;
    struct line *line;
    struct tcp_port *tcp; /* NULL: none */
    char *tcp_path;
};

enum { DEFAULT_TCP_PORT = 4001 };

static void free_port(void *port)
{
    serial_port_free(port);
}

static struct line *line_of_meters(struct sim *sim)
{
    struct line *l = line_new(sim, "line1", 0);

    for (int k = 0; k < sim_unit_count(sim) && k < LINE_METERS_MAX; k++)
        line_attach_unit(l, sim_unit(sim, k), "meter");
    return l;
}

/* Meters of a scenario that are made one by one, without addresses, are all number
 * 1. */
static void warn_of_collisions(const struct serve_rtu *r)
{
    const struct sim *sim = r->sim;
    bool taken[256] = { false };

    for (int k = 0; k < sim_unit_count(sim); k++) {
        const struct unit *u = sim_unit(sim, k);
        unsigned address = unit_setting(u, SETTING_ADDRESS) & 255;
        if (line_of_unit(u) != r->line || !u->powered)
            continue;
        if (taken[address]) {
            g_string_append_printf(
                r->banner,
                "Two meters have address %u and will collide; give each its own: "
                "meter { address = … }\n",
                address);
            return;
        }
        taken[address] = true;
    }
}

static char *link_name(int tcp_port, guint number)
{
    char name[64];

    if (number)
        g_snprintf(name, sizeof name, "metersim-%d-%u.pty", tcp_port, number + 1);
    else
        g_snprintf(name, sizeof name, "metersim-%d.pty", tcp_port);
    return g_build_filename(g_get_user_runtime_dir(), name, NULL);
}

/* The address of the line's first meter. */
static unsigned first_address(const struct serve_rtu *r)
{
    for (int k = 0; k < sim_unit_count(r->sim); k++) {
        const struct unit *u = sim_unit(r->sim, k);
        if (line_of_unit(u) == r->line)
            return unit_setting(u, SETTING_ADDRESS);
    }
    return 1;
}

static void print_port(const struct serve_rtu *r, const struct serial_port *p, bool pty)
{
    char settings[32];
    int meters = line_meters(r->line);

    serial_port_settings(p, settings, sizeof settings);
    g_string_append_printf(r->banner, "Modbus RTU on %s, %d meter%s at %s%s\n",
                           serial_port_path(p), meters, meters == 1 ? "" : "s",
                           settings, pty ? " on the wire; clients use no parity" : "");
    if (pty && r->ports->len == 1)
        g_string_append_printf(
            r->banner, "Try: mbpoll -m rtu -b %.*s -P none -a %u -r 1 -c 28 -1 %s\n",
            (int)strcspn(settings, " "), settings, first_address(r),
            serial_port_path(p));
}

static bool open_port(struct serve_rtu *r, const char *where, int tcp_port, bool asked,
                      GError **error)
{
    bool pty = !strcmp(where, "pty");
    g_autofree char *link = pty ? link_name(tcp_port, r->ports->len) : NULL;
    GError *wrong = NULL;
    struct serial_port *p = serial_port_open(NULL, r->line, where, link, &wrong);

    if (p) {
        g_ptr_array_add(r->ports, p);
        print_port(r, p, pty);
        return true;
    }
    g_prefix_error(&wrong, "--rtu %s: ", where);
    if (asked)
        return error_move(error, wrong);
    error_warn("%s; Modbus RTU is not served (--rtu none prints nothing)",
               wrong->message);
    g_error_free(wrong);
    return true;
}

static bool listen_tcp(struct serve_rtu *r, const char *where, GError **error)
{
    const struct unit *first;
    struct address a;

    if (!address_parse(&a, where, DEFAULT_TCP_PORT))
        return error_set(error, "--rtu-over-tcp: '%s' is no HOST:PORT", where);
    if (!r->line)
        r->line = line_of_meters(r->sim);
    first = line_meter_at(r->line, 0);
    r->tcp = tcp_port_open(r->line, a.host, &a.port, error);
    if (!r->tcp) {
        g_prefix_error(error, "--rtu-over-tcp %s: ", where);
        return false;
    }
    r->tcp_path = g_strdup_printf("rtutcp:%s:%d", a.host, a.port);
    g_string_append_printf(
        r->banner, "Modbus RTU over TCP on port %d of %s, %d meters at %u baud\n",
        a.port, a.host, line_meters(r->line), first ? first->hal.baud : 0);
    return true;
}

struct serve_rtu *serve_rtu_open(struct sim *sim, char **where, const char *over_tcp,
                                 int tcp_port, GString *banner, GError **error)
{
    static char *usual[] = { "pty", NULL };
    struct serve_rtu *r = g_new0(struct serve_rtu, 1);
    bool opened = true;

    r->sim = sim;
    r->banner = banner;
    r->ports = g_ptr_array_new_with_free_func(free_port);
    r->line = line_at(sim, 0);
    if (r->line)
        warn_of_collisions(r);
    for (char **at = where ? where : usual; *at && opened; at++) {
        if (!strcmp(*at, "none"))
            continue;
        if (!r->line) {
            r->line = line_of_meters(sim);
            warn_of_collisions(r);
        }
        opened = open_port(r, *at, tcp_port, where != NULL, error);
    }
    if (opened && (!over_tcp || listen_tcp(r, over_tcp, error)))
        return r;
    serve_rtu_free(r);
    return NULL;
}

struct line *serve_rtu_line(const struct serve_rtu *r)
{
    return r->line;
}

void serve_rtu_paths(const struct serve_rtu *r, GPtrArray *to)
{
    for (guint k = 0; k < r->ports->len; k++)
        g_ptr_array_add(to, (char *)serial_port_path(g_ptr_array_index(r->ports, k)));
    if (r->tcp)
        g_ptr_array_add(to, r->tcp_path);
}

void serve_rtu_free(struct serve_rtu *r)
{
    if (!r)
        return;
    tcp_port_free(r->tcp);
    g_free(r->tcp_path);
    g_ptr_array_unref(r->ports);
    g_free(r);
}
