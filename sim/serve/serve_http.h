/* What metersim serve offers by HTTP: the metrics, and that it is ready. */
#ifndef SIM_SERVE_SERVE_HTTP_H
#define SIM_SERVE_SERVE_HTTP_H

#include "sim/plant/sim.h"
#include "sim/serve/serve_panel.h"
#include "sim/serve/vitals.h"

struct serve_http;

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

/* The address of the metrics; NULL: they are not served. */
const char *serve_http_metrics(const struct serve_http *h);

/* Serves what is ready now: from others_new's call, too. */
void serve_http_serve(struct serve_http *h);

#endif
