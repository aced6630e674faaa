/* The ports of HTTP of metersim serve. See serve_http.h. */
#include "sim/serve/serve_http.h"
#include "sim/gateway/address.h"
#include "sim/program/error.h"
#include "sim/web/http_door.h"
#include <string.h>

enum { DEFAULT_METRICS = 9502, ADDRESS = 128 };

struct serve_http {
    struct serve_http_plant plant;
    struct aside *loop;
    struct http_door *metrics; /* NULL: not wanted */
    char metrics_address[ADDRESS];
};

struct serve_http *serve_http_new(const struct serve_http_plant *plant)
{
    struct serve_http *h = g_new0(struct serve_http, 1);

    h->plant = *plant;
    h->loop = aside_new();
    return h;
}

void serve_http_free(struct serve_http *h)
{
    http_door_close(h->metrics);
    aside_free(h->loop);
    g_free(h);
}

static void print_metrics(void *user, GString *text)
{
    const struct serve_http *h = user;

    vitals_print_metrics(h->plant.vitals, text);
    serve_panel_print_metrics(*h->plant.panel, text);
}

/* Requests are served when all listens, so the answer is always the same. */
static void print_ready(void *user, GString *text)
{
    const struct serve_http *h = user;

    g_string_append_printf(text, "ready: %d meters\n", sim_unit_count(h->plant.sim));
}

static void add_texts(struct serve_http *h, struct http_door *door)
{
    http_door_add_text(door, "/metrics", "text/plain; version=0.0.4; charset=utf-8",
                       print_metrics, h);
    http_door_add_text(door, "/ready", "text/plain; charset=utf-8", print_ready, h);
}

bool serve_http_open_metrics(struct serve_http *h, const char *where, GString *banner,
                             GError **error)
{
    struct address a;

    if (!strcmp(where, "none"))
        return true;
    if (!address_parse(&a, where, DEFAULT_METRICS))
        return error_set(
            error, "--metrics: '%s' is no HOST:PORT, such as 127.0.0.1:9502", where);
    h->metrics = http_door_open(h->loop, a.host, &a.port, error);
    if (!h->metrics) {
        g_prefix_error(error, "--metrics: ");
        return false;
    }
    add_texts(h, h->metrics);
    g_snprintf(h->metrics_address, sizeof h->metrics_address, "http://%s:%d/metrics",
               a.host, a.port);
    g_string_append_printf(banner, "Metrics on %s\n", h->metrics_address);
    return true;
}

const char *serve_http_metrics(const struct serve_http *h)
{
    return h->metrics ? h->metrics_address : NULL;
}

void serve_http_serve(struct serve_http *h)
{
    aside_serve(h->loop);
}
