/* The buttons of the panel that metersim serve shows, on their way to the first meter. */
#ifndef SIM_SERVE_KEYS_H
#define SIM_SERVE_KEYS_H

#include "gui/panel.h"
#include "sim/sim.h"

struct serve_keys {
    struct sim *sim;
    unsigned pressed; /* bits of enum meter_key */
};

/* A panel_key; user: struct serve_keys. */
void serve_keys_press(void *user, enum panel_key key, bool down);

#endif
