/* The ports of HTTP of metersim serve. See serve_http.h. */
#include "sim/serve/serve_http.h"
#include "sim/gateway/address.h"
#include "sim/program/error.h"
#include "sim/web/web.h"
#include <string.h>

enum { DEFAULT_METRICS = 9502, DEFAULT_HTTP = 8080, ADDRESS = 128 };

struct serve_http {
    struct serve_http_plant plant;
    struct aside *loop;        /* NULL: no port is open */
    struct http_door *metrics; /* NULL: not wanted */
    char metrics_address[ADDRESS];
    struct http_door *door; /* of the web; NULL: not wanted */
    struct web *web;
    char address[ADDRESS];
};

struct serve_http *serve_http_new(const struct serve_http_plant *plant)
{
    struct serve_http *h = g_new0(struct serve_http, 1);

    h->plant = *plant;
    return h;
}

void serve_http_free(struct serve_http *h)
{
    serve_http_close_web(h);
    http_door_close(h->metrics);
    http_door_close(h->door);
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

static struct http_door *open_door(struct serve_http *h, struct address *a,
                                   GError **error)
{
    if (!h->loop)
        h->loop = aside_new();
    return http_door_open(h->loop, a->host, &a->port, error);
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
    h->metrics = open_door(h, &a, error);
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

static void place(void *user, int index, int *port, int *unit)
{
    serve_tcp_place(user, index, port, unit);
}

/* The address in a link: IPv6 has brackets. */
static void print_address(struct serve_http *h, const struct address *a)
{
    const bool six = strchr(a->host, ':') != NULL;

    g_snprintf(h->address, sizeof h->address, "http://%s%s%s:%d/", six ? "[" : "",
               a->host, six ? "]" : "", a->port);
}

bool serve_http_open_web(struct serve_http *h, const char *where, char **names,
                         const struct serve_tcp *tcp, struct pace *pace,
                         GString *banner, GError **error)
{
    struct address a;

    if (!address_parse(&a, where, DEFAULT_HTTP))
        return error_set(error, "--http: '%s' is no HOST:PORT, such as 127.0.0.1:8080",
                         where);
    h->door = open_door(h, &a, error);
    if (h->door)
        h->web = web_new(&(struct web_options){ .plant = { .sim = tcp->sim,
                                                           .pace = pace,
                                                           .scenario = tcp->scenario,
                                                           .place = place,
                                                           .place_user = (void *)tcp },
                                                .loop = h->loop,
                                                .door = h->door,
                                                .names = names },
                         error);
    if (!h->web) {
        g_prefix_error(error, "--http: ");
        return false;
    }
    add_texts(h, h->door);
    print_address(h, &a);
    g_string_append_printf(banner, "Page: %s#token=%s\n", h->address,
                           web_token(h->web));
    return true;
}

struct web_traffic *serve_http_traffic(const struct serve_http *h)
{
    return h->web ? web_watched_traffic(h->web) : NULL;
}

void serve_http_set_console(struct serve_http *h, struct console *console)
{
    if (h->web)
        web_set_console(h->web, console);
}

void serve_http_close_web(struct serve_http *h)
{
    web_free(h->web);
    h->web = NULL;
}

const char *serve_http_page(const struct serve_http *h)
{
    return h->web ? h->address : NULL;
}

const char *serve_http_metrics(const struct serve_http *h)
{
    return h->metrics ? h->metrics_address : NULL;
}

void serve_http_serve(struct serve_http *h)
{
    aside_serve(h->loop);
}
