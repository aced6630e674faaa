/* How a served simulation is doing. See vitals.h. */
#include "sim/serve/vitals.h"
#include "sim/serve/serve_bridge.h"

void vitals_start(struct vitals *v, const struct sim *sim,
                  const struct gateway *gateway, struct pace *pace,
                  const struct latency *latency)
{
    *v = (struct vitals){ .sim = sim,
                          .gateway = gateway,
                          .pace = pace,
                          .latency = latency,
                          .at_us = g_get_monotonic_time(),
                          .sim_ns = sim_now(sim) };
}

void vitals_update(struct vitals *v)
{
    struct gateway_counters c;
    gint64 now_us = g_get_monotonic_time();
    double seconds = (double)MAX(now_us - v->at_us, 1) * 1e-6;

    gateway_counters(v->gateway, &c);
    v->speed = (double)(sim_now(v->sim) - v->sim_ns) * 1e-9 / seconds;
    v->requests_per_s = (double)(c.requests - v->requests) / seconds;
    v->lag_s = pace_interval_lag_s(v->pace);
    v->at_us = now_us;
    v->sim_ns = sim_now(v->sim);
    v->requests = c.requests;
}

void vitals_print_line(const struct vitals *v, GString *text)
{
    struct gateway_counters c;

    gateway_counters(v->gateway, &c);
    g_string_append_printf(
        text,
        "%.0f s simulated, %.4g x, lag %.0f ms; %d meters, %d connections, %.0f "
        "requests/s, 99 %% within %g ms",
        (double)sim_now(v->sim) * 1e-9, v->speed, v->lag_s * 1e3,
        sim_unit_count(v->sim), c.open, v->requests_per_s,
        latency_quantile(v->latency, 0.99) * 1e3);
}

void vitals_metric(GString *text, const char *name, const char *type, const char *help,
                   double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(number, sizeof number, "%.12g", value);
    g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n%s %s\n", name, help,
                           name, type, name, number);
}

static void print_histogram(const struct latency *l, GString *text)
{
    static const char name[] = "metersim_request_seconds";
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    uint64_t below = 0;

    g_string_append_printf(text,
                           "# HELP %s Time to make an answer, bringing the meter to "
                           "the present included.\n# TYPE %s histogram\n",
                           name, name);
    for (int n = 0; n < LATENCY_BOUNDS; n++) {
        below += l->count[n];
        g_ascii_formatd(number, sizeof number, "%g", latency_bound_s[n]);
        g_string_append_printf(text, "%s_bucket{le=\"%s\"} %" G_GUINT64_FORMAT "\n",
                               name, number, below);
    }
    g_ascii_formatd(number, sizeof number, "%.12g", l->sum_s);
    g_string_append_printf(text,
                           "%s_bucket{le=\"+Inf\"} %" G_GUINT64_FORMAT
                           "\n%s_sum %s\n%s_count %" G_GUINT64_FORMAT "\n",
                           name, l->total, name, number, name, l->total);
}

void vitals_print_metrics(const struct vitals *v, GString *text)
{
    struct gateway_counters c;

    gateway_counters(v->gateway, &c);
    c.exceptions += serve_bridge_exceptions(v->sim);
    vitals_metric(text, "metersim_simulated_seconds_total", "counter",
                  "Simulated time since the start.", (double)sim_now(v->sim) * 1e-9);
    vitals_metric(text, "metersim_speed", "gauge",
                  "Simulated seconds per second, over the last second.", v->speed);
    vitals_metric(text, "metersim_lag_seconds", "gauge",
                  "The furthest that simulated time was behind, over the last second.",
                  v->lag_s);
    vitals_metric(text, "metersim_lag_worst_seconds", "gauge",
                  "The same, since the start.", pace_worst_lag_s(v->pace));
    vitals_metric(
        text, "metersim_lost_seconds_total", "counter",
        "Simulated seconds left out: the machine was too slow, or the process stopped.",
        pace_lost_s(v->pace));
    vitals_metric(text, "metersim_meters", "gauge", "Meters.", sim_unit_count(v->sim));
    vitals_metric(text, "metersim_connections", "gauge", "Open Modbus TCP connections.",
                  c.open);
    vitals_metric(text, "metersim_connections_total", "counter",
                  "Modbus TCP connections accepted.", (double)c.accepted);
    vitals_metric(text, "metersim_requests_total", "counter", "Modbus requests.",
                  (double)c.requests);
    vitals_metric(text, "metersim_exceptions_total", "counter",
                  "Answers that were exceptions.", (double)c.exceptions);
    print_histogram(v->latency, text);
}
