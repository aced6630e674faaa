/* The buttons of the panel that metersim serve shows, on their way to the meter that is
 * shown. A window reports when a button goes down and up; a terminal only that it was
 * pressed: that is a click, and clicks wait for one another. */
#pragma once

#include "gui/panel.h"
#include "sim/plant/sim.h"

/* More clicks than these are dropped: a word may be typed ahead, and yet a key that is
 * held does not go on for long after its release. */
enum { SERVE_KEYS_CLICKS = 8 };

struct serve_keys {
    struct sim *sim;
    int meter;        /* index of the one that is shown */
    unsigned pressed; /* bits of enum meter_key */
    unsigned click[SERVE_KEYS_CLICKS];
    int clicks; /* that wait or go on */
};

/* A panel_key; user: struct serve_keys. */
void serve_keys_press(void *user, enum panel_key key, bool down);

void serve_keys_click(struct serve_keys *k, enum panel_key key);

/* Lets go of the meter and goes to another one, around the end. */
void serve_keys_turn(struct serve_keys *k, int by);
