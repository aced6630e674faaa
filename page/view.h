/* The picture of a session's meter for a browser: the panel's own scene, its pixels as a
 * canvas element wants them, and where on it lie what is clicked. */
#pragma once

#include "gui/scene.h"
#include "page/session.h"

/* Places on the picture. */
enum view_place {
    VIEW_FRONT, /* the meter */
    VIEW_PANE,  /* beside it */
    VIEW_GLASS,
    VIEW_KEYS,                          /* by enum panel_key … */
    VIEW_TABS = VIEW_KEYS + PANEL_KEYS, /* … and by enum panel_view */
    VIEW_PLACES = VIEW_TABS + PANEL_VIEWS
};

struct view {
    struct scene *scene;
    uint8_t *rgba; /* row by row without gaps */
    struct frame frame;
    int scale_percent; /* pixels per unit of the drawing; 0: nothing is painted yet */
};

/* Paints what has changed since the last call; how many rectangles of view->scene->damage
 * did. Aborts without memory. keys: those that are down, bits of enum meter_key. */
int view_paint(struct view *v, const struct session *s, enum panel_view view,
               unsigned keys, int scale_percent);

/* Paints view->frame, which was filled in elsewhere. */
int view_repaint(struct view *v, unsigned keys, int scale_percent);

/* A place, in pixels of the picture. */
struct area view_place(const struct view *v, int place);

/* Bits of enum meter_key by a key's place on the picture. */
unsigned view_key(int key);
