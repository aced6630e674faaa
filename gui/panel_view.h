/* What every form of the panel shares: views, buttons, and the strip at its bottom. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { PANEL_ERROR_MAX = 256, PANEL_WIDTH = 900, PANEL_HEIGHT = 600 };

/* What stands beside the meter; Tab goes on to the next. */
enum panel_view {
    PANEL_VIEW_READINGS,
    PANEL_VIEW_PHASORS,
    PANEL_VIEW_WAVES,
    PANEL_VIEWS
};

enum panel_key {
    PANEL_KEY_MINUS,
    PANEL_KEY_PLUS,
    PANEL_KEY_LEFT,  /* back */
    PANEL_KEY_RIGHT, /* select */
    PANEL_KEYS
};

/* What the views are called where users name them. */
extern const char *const panel_view_names[PANEL_VIEWS];

/* What the panel cannot know from the unit; the strip at the bottom. */
struct panel_status {
    int64_t sim_ns;
    double speed;      /* simulated seconds per second; 0: as fast as possible */
    int connections;   /* -1: there is no server */
    const char *title; /* of the unit, such as "meter 1 of 3"; NULL: nothing */
    bool several;      /* there are others to go to */
};
