/* The panel of metersim serve, in a window or in a terminal: what both show, and whose
 * meter's buttons they press. Everything happens on the loop's thread, between slices
 * of simulated time. */
#pragma once

#include "sim/gateway/gateway.h"
#include "sim/plant/pace.h"
#include "sim/plant/sim.h"
#include "sim/run/scenario.h"

struct serve_panel_options {
    const char *kind; /* "window" or "text" */
    struct sim *sim;
    struct gateway *gateway;
    struct pace **pace; /* made when the window is there, which takes a while */
    const struct scenario *scenario; /* NULL: meters have no names */
    void (*closed)(void *user);      /* somebody has closed it */
    void *user;
};

struct serve_panel;

struct serve_panel *serve_panel_open(const struct serve_panel_options *o,
                                     GError **error);
/* NULL is allowed. A terminal is then what it was before. */
void serve_panel_close(struct serve_panel *p);

/* How often a window was drawn. NULL is allowed. */
void serve_panel_print_metrics(const struct serve_panel *p, GString *text);

/* Is it drawn on this terminal, so that nothing else may be? NULL is allowed. */
bool serve_panel_has_terminal(const struct serve_panel *p);
