/* The panel of metersim serve. See serve_panel.h. */
#include "sim/serve/serve_panel.h"
#include "gui/panel.h"
#include "sim/program/error.h"
#include "sim/serve/serve_keys.h"
#include "sim/serve/serve_text.h"
#include "sim/serve/vitals.h"
#include <glib.h>
#include <stdio.h>
#include <string.h>

enum { EVERY_MS = 50, TITLE = 120 };

struct serve_panel {
    struct serve_panel_options options;
    struct serve_keys keys;
    struct panel *window;
    struct serve_text *text; /* one of the two */
    guint timer;
};

/* "meter 2 of 3", or its name in the scenario. */
static void set_title(const struct serve_panel *p, const struct unit *u,
                      char title[TITLE])
{
    const int count = sim_unit_count(p->options.sim);
    const char *name =
        p->options.scenario ? scenario_meter_name(p->options.scenario, u) : NULL;

    title[0] = '\0';
    if (count > 1)
        g_snprintf(title, TITLE, "%s%smeter %d of %d", name ? name : "",
                   name ? ", " : "", p->keys.meter + 1, count);
    else if (name)
        g_snprintf(title, TITLE, "%s", name);
}

static gboolean on_refresh(gpointer user)
{
    struct serve_panel *p = user;
    const struct serve_panel_options *o = &p->options;
    const struct unit *u = sim_unit(o->sim, p->keys.meter); /* brings it to now */
    struct gateway_counters c;
    char title[TITLE];

    gateway_counters(o->gateway, &c);
    set_title(p, u, title);
    const struct panel_status status = { .sim_ns = sim_now(o->sim),
                                         .speed = pace_speed(*o->pace),
                                         .connections = c.open,
                                         .title = title,
                                         .several = sim_unit_count(o->sim) > 1 };
    if (p->text)
        serve_text_show(p->text, u, &status);
    else if (!panel_poll(p->window, &status))
        o->closed(o->user);
    return G_SOURCE_CONTINUE;
}

static void turn_window(void *user, int by)
{
    struct serve_panel *p = user;

    serve_keys_turn(&p->keys, by);
    panel_show(p->window, sim_unit(p->options.sim, p->keys.meter));
}

static void press_window(void *user, enum panel_key key, bool down)
{
    serve_keys_press(&((struct serve_panel *)user)->keys, key, down);
}

static void on_text(void *user, enum serve_text_key key)
{
    struct serve_panel *p = user;

    if (key < (enum serve_text_key)PANEL_KEYS)
        serve_keys_click(&p->keys, (enum panel_key)key);
    else if (key == SERVE_TEXT_QUIT)
        p->options.closed(p->options.user);
    else
        serve_keys_turn(&p->keys, key == SERVE_TEXT_NEXT ? 1 : -1);
}

static bool open_window(struct serve_panel *p, GError **error)
{
    const struct panel_options options = { .view = PANEL_VIEW_READINGS,
                                           .key = press_window,
                                           .step = sim_unit_count(p->options.sim) > 1
                                                       ? turn_window
                                                       : NULL,
                                           .key_user = p };
    char why[PANEL_ERROR_MAX];

    p->window = panel_open(sim_unit(p->options.sim, 0), &options, why);
    if (!p->window)
        error_set(error, "--panel: %s; without a display: --panel=text", why);
    return p->window != NULL;
}

struct serve_panel *serve_panel_open(const struct serve_panel_options *o,
                                     GError **error)
{
    struct serve_panel *p = g_new0(struct serve_panel, 1);

    p->options = *o;
    p->keys.sim = o->sim;
    if (!strcmp(o->kind, "text")) {
        p->text = serve_text_open(sim_unit_count(o->sim) > 1, on_text, p);
    } else if (!open_window(p, error)) {
        g_free(p);
        return NULL;
    }
    p->timer = g_timeout_add(EVERY_MS, on_refresh, p);
    return p;
}

void serve_panel_close(struct serve_panel *p)
{
    if (!p)
        return;
    g_source_remove(p->timer);
    panel_close(p->window);
    serve_text_close(p->text);
    g_free(p);
}

void serve_panel_print_metrics(const struct serve_panel *p, GString *text)
{
    if (p && p->window)
        vitals_metric(text, "metersim_panel_pictures_total", "counter",
                      "Pictures drawn in the panel's window.",
                      (double)panel_pictures(p->window));
}

bool serve_panel_has_terminal(const struct serve_panel *p)
{
    return p && p->text && serve_text_in_place(p->text);
}
