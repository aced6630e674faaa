/* The panel in a window: one unit as a person sees it. Everything is called from the
 * thread that advances the unit, between two advances. */
#pragma once

#include "gui/panel_view.h"
#include "hal_sim/unit.h"

/* A button goes down or up, by mouse or keyboard. */
typedef void (*panel_key)(void *user, enum panel_key key, bool down);

/* PageDown and PageUp: the next meter (by 1), the one before (by -1). */
typedef void (*panel_step)(void *user, int by);

struct panel_options {
    int width, height; /* of the window; 0: PANEL_WIDTH, PANEL_HEIGHT */
    enum panel_view view;
    panel_key key;   /* NULL: buttons only move */
    panel_step step; /* NULL: there is one meter */
    void *key_user;
};

struct panel;

/* Opens a window that shows `unit`. NULL without a display or memory; the reason is in
 * error[PANEL_ERROR_MAX]. */
struct panel *panel_open(const struct unit *unit, const struct panel_options *options,
                         char *error);
void panel_close(struct panel *p); /* NULL is allowed */

/* Another unit, or NULL before the one that is shown is freed. */
void panel_show(struct panel *p, const struct unit *unit);

/* To be called some 20 times a second: serves keys and mouse, and draws what has
 * changed since the last call. False when the user has closed the window. */
bool panel_poll(struct panel *p, const struct panel_status *status);

/* Pictures given to the display since panel_open. */
uint64_t panel_pictures(const struct panel *p);
