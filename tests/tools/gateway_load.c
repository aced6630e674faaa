/* The load of sim/bench/modbus_load.h by hand: N connections, M requests in all, every
 * answer checked. Prints the rate, the latency and, given the server's process id, its
 * CPU time per transaction: rates of a shared machine vary, CPU time per transaction is
 * what to compare. Exit code 1: a connection broke, an answer was wrong, or it took too
 * long. */
#include "sim/bench/modbus_load.h"
#include "sim/gateway/gateway.h"
#include <glib.h>
#include <stdio.h>

enum { CONNECTIONS_MAX = 20000, REQUESTS_MAX = 10000000 };

static struct modbus_load_options o = { .port = 1502,
                                        .ports = 1,
                                        .connections = 10,
                                        .requests = 100000,
                                        .unit = 1,
                                        .first = 1,
                                        .registers = 10,
                                        .seconds = 60 };
static gboolean same = FALSE;

static const GOptionEntry options[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &o.port, "first port of the server", "N" },
    { "ports", 0, 0, G_OPTION_ARG_INT, &o.ports, "spread over so many ports", "N" },
    { "connections", 'c', 0, G_OPTION_ARG_INT, &o.connections, "open at once", "N" },
    { "requests", 'n', 0, G_OPTION_ARG_INT, &o.requests, "in all", "N" },
    { "registers", 'r', 0, G_OPTION_ARG_INT, &o.registers, "per request", "N" },
    { "unit", 'u', 0, G_OPTION_ARG_INT, &o.unit, "unit id", "N" },
    { "pid", 0, 0, G_OPTION_ARG_INT, &o.server_pid, "server, to measure its CPU", "N" },
    { "first", 0, 0, G_OPTION_ARG_INT, &o.first, "register of each request", "REG" },
    { "same", 0, 0, G_OPTION_ARG_NONE, &same, "all answers must hold the same", NULL },
    { "pause", 0, 0, G_OPTION_ARG_INT, &o.pause_ms, "of a client between polls", "MS" },
    { "seconds", 0, 0, G_OPTION_ARG_INT, &o.seconds, "give up after", "S" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &o.limit_us, "count the answers above", "US" },
    { 0 }
};

static bool parse(int argc, char **argv)
{
    GOptionContext *context = g_option_context_new("- load for a Modbus TCP server");
    GError *error = NULL;

    g_option_context_add_main_entries(context, options, NULL);
    bool good = g_option_context_parse(context, &argc, &argv, &error);
    if (!good)
        fprintf(stderr, "gateway_load: %s\n", error->message);
    g_clear_error(&error);
    g_option_context_free(context);
    o.connections = CLAMP(o.connections, 1, CONNECTIONS_MAX);
    o.requests = CLAMP(o.requests, o.connections, REQUESTS_MAX);
    o.registers = CLAMP(o.registers, 1, 125);
    o.ports = MAX(o.ports, 1);
    o.same = same;
    return good;
}

static void report(const struct modbus_load_result *r)
{
    if (r->done == 0)
        return;
    printf(
        "%5d connections %8d requests %8.0f tps  us: p50 %7.1f p99 %7.1f p99.9 %7.1f "
        "max %8.1f",
        o.connections, r->done, r->per_s, r->p50_us, r->p99_us, r->p999_us, r->most_us);
    if (r->server_us > 0)
        printf("  server CPU %.2f us/transaction", r->server_us);
    if (o.limit_us > 0)
        printf("  late %d", r->late);
    printf("\n");
}

int main(int argc, char **argv)
{
    struct modbus_load_result result;

    if (!parse(argc, argv))
        return 2;
    gateway_raise_descriptor_limit();
    bool good = modbus_load(&o, &result);
    report(&result);
    if (result.connected < o.connections)
        fprintf(stderr, "gateway_load: connection %d: %s\n", result.connected,
                result.trouble);
    else if (!good)
        fprintf(stderr, "gateway_load: stopped early, %d wrong answers\n",
                result.wrong);
    return good ? 0 : 1;
}
