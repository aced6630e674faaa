/* What metersim serve offers by HTTP: the metrics, and that it is ready; with --http the
 * plant itself (sim/web/web.h), too. */
#pragma once

#include "sim/console/console.h"
#include "sim/serve/serve_panel.h"
#include "sim/serve/serve_tcp.h"
#include "sim/serve/vitals.h"

struct serve_http;
struct web_traffic;

struct serve_http_plant {
    const struct sim *sim;
    const struct vitals *vitals;
    struct serve_panel *const *panel; /* whose panel comes and goes */
};

struct serve_http *serve_http_new(const struct serve_http_plant *plant);
void serve_http_free(struct serve_http *h);

/* Listens for scrapers at HOST:PORT; "none": not. What clients need goes to the end of
 * the banner. */
bool serve_http_open_metrics(struct serve_http *h, const char *where, GString *banner,
                             GError **error);

/* Listens for pages and programs at HOST:PORT. The banner has the link with the token.
 * names: see web_options. */
bool serve_http_open_web(struct serve_http *h, const char *where, char **names,
                         const struct serve_tcp *tcp, struct pace *pace,
                         GString *banner, GError **error);

/* NULL: there is no web. */
struct web_traffic *serve_http_traffic(const struct serve_http *h);
void serve_http_set_console(struct serve_http *h, struct console *console);

/* Ends the clients, which use the console and the plant. */
void serve_http_close_web(struct serve_http *h);

/* The address of the plant's page, without the token; NULL: it is not served. */
const char *serve_http_page(const struct serve_http *h);

/* The address of the metrics; NULL: they are not served. */
const char *serve_http_metrics(const struct serve_http *h);

/* Serves what is ready now: from others_new's call, too. */
void serve_http_serve(struct serve_http *h);
